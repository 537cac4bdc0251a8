"""The commands of telemetry are there, and say what they take."""

import pytest
from click import Command, Group
from click.testing import CliRunner

from telemetry_ingest import cli
from telemetry_ingest.cli import COMMANDS

SUBCOMMANDS = {name for one in COMMANDS if isinstance(one, Group) for name in one.commands}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_a_command_explains_itself(command):
    told = CliRunner().invoke(command, ["--help"])

    assert (told.exit_code, told.output.startswith("Usage:")) == (0, True)


def test_every_command_of_the_file_is_in_the_list():
    written = [one for one in vars(cli).values() if isinstance(one, Command)]

    assert {one.name for one in COMMANDS} >= {one.name for one in written} - SUBCOMMANDS
