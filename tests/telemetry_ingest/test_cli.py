"""The commands of telemetry are there, and say what they take."""

import pytest
from click.testing import CliRunner

from telemetry_ingest.cli import COMMANDS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_a_command_explains_itself(command):
    told = CliRunner().invoke(command, ["--help"])

    assert (told.exit_code, told.output.startswith("Usage:")) == (0, True)
