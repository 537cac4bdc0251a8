"""``tajhiz import …``: what can be imported, and how; ``importers/commands.py`` does it."""

from pathlib import Path

import click

from portal.reader import Language, language_option
from portal.settings import LANGUAGES

FILE = click.argument("file", type=click.Path(path_type=Path))
REPORT = click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Where to write the refused rows (default: FILE.refused.csv in this folder).",
)
WORDS_IN = language_option("Language of the summary and of the report.")


@click.group("import")
def import_group() -> None:
    """Read lists from outside: nomenclature, foreign registers, a manufacturer's devices."""


@import_group.command()
@FILE
@click.option("--names", type=Language(LANGUAGES), help="Language of the names in the file.")
@REPORT
@WORDS_IN
def emdn(file: Path, names: str | None, report: Path | None, words_in: str) -> None:
    """Import the EMDN nomenclature (CSV or Excel, any of our languages)."""
    from catalog.importers.commands import import_list
    from catalog.importers.sources import emdn_importer

    import_list(emdn_importer(names), file, report, words_in)


@import_group.command()
@FILE
@click.option("--organisation", required=True, help="ICE or id of the manufacturer.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@REPORT
@WORDS_IN
def devices(
    file: Path, organisation: str, dry_run: bool, report: Path | None, words_in: str
) -> None:
    """Import a manufacturer's own list of devices (CSV or Excel) as drafts."""
    from catalog.importers.commands import import_devices

    import_devices(file, organisation, report, words_in, dry_run=dry_run)


@import_group.command()
@FILE
@REPORT
@WORDS_IN
def gudid(file: Path, report: Path | None, words_in: str) -> None:
    """Import reference devices from GUDID (XML release, NDJSON, JSON)."""
    register("gudid", file, report, words_in)


@import_group.command()
@FILE
@REPORT
@WORDS_IN
def eudamed(file: Path, report: Path | None, words_in: str) -> None:
    """Import reference devices from EUDAMED (CSV, Excel, JSON)."""
    register("eudamed", file, report, words_in)


def register(source: str, file: Path, report: Path | None, words_in: str) -> None:
    """Import one foreign register."""
    from catalog.importers.commands import import_list
    from catalog.importers.sources import REGISTERS

    import_list(REGISTERS[source](), file, report, words_in)


COMMANDS = (import_group,)
