"""The reader of a command's output: every command asks for their language in the same words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from portal.cli import stop
from portal.settings import DEFAULT_LANGUAGE, LANGUAGES
from portal.web.i18n import LANGUAGE_NAMES, lazy, merged

OTHER = lazy("The language « %(given)s » is not spoken here: choose one of %(languages)s.")


class Language(click.Choice[str]):
    """A language we speak; another one is refused in French, since the reader's is not known."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the language, or end with a sentence that names those we speak."""
        if value not in LANGUAGES:
            words = merged((Path(__file__).parent,), DEFAULT_LANGUAGE)
            spoken = ", ".join(f"{code} ({LANGUAGE_NAMES[code]})" for code in LANGUAGES)
            stop(words.gettext(OTHER) % {"given": value, "languages": spoken})
        return str(value)


def language_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--language``; the command takes it as ``words_in``."""
    return click.option(
        "--language",
        "words_in",
        type=Language(LANGUAGES),
        default=DEFAULT_LANGUAGE,
        show_default=True,
        help=help_text,
    )
