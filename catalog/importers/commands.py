"""Imports at the command line: progress while they work, at the end a summary and a report."""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from catalog.importers.columns import names
from catalog.importers.indexing import indexed_meanwhile
from catalog.importers.offers import Preview, import_file, organisation_with, previewed
from catalog.importers.plans import Outcome
from catalog.importers.reasons import WORDS, FileRefused, Refusal
from catalog.importers.reports import Report
from catalog.importers.running import Importer, Watch, run_import
from catalog.importers.running import Progress as Done
from portal import database
from portal.web.i18n import gettext as _
from portal.web.i18n import language, lazy, number

EVERY_S = 2.0
PLANNED = {
    Outcome.CREATED: lazy("would be created"),
    Outcome.CHANGED: lazy("would be changed"),
}


def import_devices(
    file: Path, organisation: str, report: Path | None, words_in: str, *, dry_run: bool
) -> None:
    """Import a manufacturer's own list as drafts, or say what would change."""
    language.set(words_in)
    kept = Report(report or Path(f"{file.name}.refused.csv"))

    def sink(heading: Sequence[object], refusals: list[Refusal]) -> None:
        kept.add(refusals)

    async def run() -> Preview:
        async with database.pool(min_size=1, max_size=4):
            owner = await organisation_with(organisation)
            if dry_run:
                return await previewed(file, owner, sink=sink)
            async with indexed_meanwhile():
                return await import_file(file, owner, sink=sink)

    try:
        with kept:
            preview = asyncio.run(run())
    except FileRefused as refused:
        raise click.ClickException(_(refused.message, **refused.values)) from refused
    if dry_run:
        show_plans(preview)
    counted(preview.created, preview.changed, preview.unchanged, kept, preview.refused)


def show_plans(preview: Preview) -> None:
    """Print what would be written, field by field, and which columns are not read."""
    called = names(language.get())
    for one in preview.unread:
        click.echo(
            _("The column « %(column)s » is not read. Is it « %(nearest)s »?",
              column=one.heading, nearest=called[one.nearest])
            if one.nearest
            else _("The column « %(column)s » is not read.", column=one.heading)
        )  # fmt: skip
    for plan in preview.plans:
        click.echo(f"{plan.line:>6}  {_(PLANNED[plan.outcome])}  {plan.reference}  {plan.name}")
        for change in plan.changes:
            place = f" ({change.place})" if change.place else ""
            click.echo(f"        {change.field}{place}: {change.before!r} → {change.after!r}")
        for variant in plan.new_variants:
            click.echo(f"        + {variant.reference} {variant.name} {variant.udi_di}".rstrip())
    if preview.writes > len(preview.plans):
        click.echo(f"        … {number(preview.writes - len(preview.plans))}")
    click.echo(_("Dry run: nothing was written."))


def import_list(importer: Importer, file: Path, report: Path | None, words_in: str) -> None:
    """Run an import and say what became of the rows; exit code 1 when the file is refused."""
    language.set(words_in)
    kept = Report(report or Path(f"{file.name}.refused.csv"))
    started = time.monotonic()

    async def run() -> Done:
        async with database.pool(min_size=1, max_size=4):
            with kept, shown() as watch:
                async with indexed_meanwhile():
                    return await run_import(importer, file, kept, watch=watch)

    try:
        done = asyncio.run(run())
    except FileRefused as refused:
        raise click.ClickException(_(refused.message, **refused.values)) from refused
    summary(done, kept, time.monotonic() - started)


def summary(done: Done, report: Report, seconds: float) -> None:
    """Print what became of the rows, and where the refused ones are listed."""
    if done.resumed_at:
        click.echo(
            _("Went on at row %(row)s, where the last run broke off.", row=number(done.resumed_at))
        )
    rows = done.position - done.resumed_at
    click.echo(
        _("%(rows)s rows read in %(seconds)s s (%(rate)s per second).",
          rows=number(rows), seconds=number(round(seconds, 1)),
          rate=number(round(rows / max(seconds, 0.001))))
    )  # fmt: skip
    counted(done.created, done.changed, done.unchanged, report, done.refused)


def counted(
    created: int, changed: int, unchanged: int, report: Report, refused: int | None = None
) -> None:
    """Print how many rows had which fate, and the reasons of the refused ones."""
    total = sum(report.counts.values()) if refused is None else refused
    for label, count in (
        (_("created"), created), (_("changed"), changed),
        (_("unchanged"), unchanged), (_("refused"), total),
    ):  # fmt: skip
        click.echo(f"{number(count):>12}  {label}")
    for reason, count in report.counts.most_common():
        click.echo(f"{number(count):>12}  · {_(WORDS[reason])}")
    if report.counts:
        click.echo(_("Refused rows: %(path)s", path=report.path))


class shown:  # noqa: N801 — reads as the function it is used as
    """A progress bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self) -> None:
        self.bar: Progress | None = None
        self.said_at = time.monotonic()

    def __enter__(self) -> Watch:
        if not sys.stderr.isatty():
            return self.say
        self.bar = Progress(
            BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"),
            TimeRemainingColumn(), console=Console(stderr=True),
        )  # fmt: skip
        self.bar.start()
        self.task = self.bar.add_task("", total=1.0)
        return self.show

    def __exit__(self, *raised: object) -> None:
        if self.bar:
            self.bar.stop()

    def show(self, done: Done) -> None:
        """Move the bar."""
        if self.bar:
            self.bar.update(self.task, completed=done.share, description=_line(done))

    def say(self, done: Done) -> None:
        """Print a line, at most one every two seconds."""
        if time.monotonic() - self.said_at >= EVERY_S:
            self.said_at = time.monotonic()
            click.echo(f"{done.share:4.0%}  {_line(done)}", err=True)


def _line(done: Done) -> str:
    return _("%(rows)s rows, %(refused)s refused",
             rows=number(done.position), refused=number(done.refused))  # fmt: skip
