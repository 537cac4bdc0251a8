"""``tajhiz evaluate …``: what can be asked; ``commands.py`` does it."""

from pathlib import Path

import click

from portal.settings import LANGUAGES

PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=PATH)
@click.option("--record", "record_to", type=PATH, help="Where to write the complete record.")
@click.option("--report", "report_to", type=PATH, help="Where to write the report, a PDF.")
@click.option("--verify", is_flag=True, help="Compute it again by the second evaluator.")
@click.option(
    "--language",
    "words_in",
    type=click.Choice(LANGUAGES),
    default="fr",
    show_default=True,
    help="Language of the explanation and of the report.",
)
def evaluate(
    file: Path, record_to: Path | None, report_to: Path | None, *, verify: bool, words_in: str
) -> None:
    """Evaluate a tender's file (JSON), or what a record holds."""
    from procurement.commands import evaluate_file

    evaluate_file(file, record_to, report_to, words_in, verify=verify)


COMMANDS = (evaluate,)
