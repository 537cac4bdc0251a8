"""``tajhiz evaluate …`` and ``draft …``: what can be asked; other files do it when it is asked."""

from pathlib import Path
from typing import Any

import click

from portal.reader import language_option

PATH = click.Path(path_type=Path)  # whether it is a file is said in the reader's language


@click.command()
@click.argument("file", type=PATH)
@click.option("--record", "record_to", type=PATH, help="Where to write the complete record.")
@click.option("--report", "report_to", type=PATH, help="Where to write the report, a PDF.")
@click.option("--verify", is_flag=True, help="Compute it again by the second evaluator.")
@language_option("Language of the explanation and of the report.")
def evaluate(
    file: Path, record_to: Path | None, report_to: Path | None, *, verify: bool, words_in: str
) -> None:
    """Evaluate a tender's file (JSON), or what a record holds."""
    from procurement.commands import evaluate_file

    evaluate_file(file, record_to, report_to, words_in, verify=verify)


@click.command()
@click.argument("file", type=PATH)
@click.option("--lowest", multiple=True, help="Lowest price to expect, in dirhams; LOT=AMOUNT too.")
@click.option("--highest", multiple=True, help="Highest price to expect, as the lowest.")
@click.option("--bids", type=int, default=5, show_default=True, help="Bids of a simulated tender.")
@click.option("--tenders", type=int, default=1000, show_default=True, help="Tenders to simulate.")
@click.option("--seed", default="tajhiz drafting", show_default=True, help="What they come from.")
@click.option("--report", "report_to", type=PATH, help="Where to write the chart and all, a PDF.")
@language_option("Language of what is said and of the PDF.")
def draft(file: Path, report_to: Path | None, words_in: str, **given: Any) -> None:
    """Say what a tender's rules would do, before it is published; it decides nothing."""
    from procurement.draft_command import draft_file

    amounts = {name: given.pop(name) for name in ("lowest", "highest")}
    draft_file(file, amounts, given, report_to, words_in)


COMMANDS = (evaluate, draft)
