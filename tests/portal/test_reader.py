"""A command asks for the language of its reader in one way."""

import click
import pytest
from click.testing import CliRunner

from portal.reader import language_option


@click.command()
@language_option("Language of the answer.")
def told(words_in: str) -> None:
    click.echo(words_in)


@pytest.mark.parametrize(
    ("given", "language"), [([], "fr"), (["--language", "ar"], "ar"), (["--language", "en"], "en")]
)
def test_french_is_spoken_unless_another_language_is_asked_for(given, language):
    assert CliRunner().invoke(told, given).output == f"{language}\n"


def test_a_language_we_do_not_speak_is_refused_in_french_with_those_we_do():
    refused = CliRunner().invoke(told, ["--language", "de"])

    assert (refused.exit_code, refused.output.replace("\u00a0", " ").replace("\u202f", " ")) == (
        2,
        "La langue « de » n’est pas proposée : choisissez parmi fr (Français), ar (العربية), "
        "en (English).\n",
    )
