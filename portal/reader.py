"""The reader of a command's output: every command asks for their language in the same words."""

from collections.abc import Callable
from typing import Any

import click

from portal.settings import LANGUAGES


def language_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--language``; the command takes it as ``words_in``."""
    return click.option(
        "--language",
        "words_in",
        type=click.Choice(LANGUAGES),
        default="fr",
        show_default=True,
        help=help_text,
    )
