"""``tajhiz evidence …``: packs as files, and one line that says whether they hold."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click

from portal import database
from portal.cli import stop
from portal.web.errors import UserError
from portal.web.i18n import gettext as _
from portal.web.i18n import language, lazy, number
from telemetry_ingest.errors import NoSuchPack, ReadingsHaveCome, UnknownForm
from telemetry_ingest.evidence import keeping
from telemetry_ingest.evidence.pack import Contents, Pack
from telemetry_ingest.evidence.readings import Readings, lines_of, write_parquet
from telemetry_ingest.evidence.verify import (
    FORMLESS,
    Finding,
    NotAPack,
    check,
    contents_of,
    loaded,
)
from telemetry_ingest.evidence.window import collect, picture
from telemetry_ingest.queries.evidence import newest_pack, pack_with

DIFFERS = 1
PACK, READINGS, COLUMNS = "pack.json", "readings.csv.gz", "readings.parquet"
WHAT = {
    "chain": lazy("The pack was changed after it was sealed: « %(where)s »."),
    "signature": lazy("The signature under the pack is not of this pack."),
    "key": lazy("The pack was signed with another key: %(where)s."),
    "protocol": lazy("The protocol is not the one both sides agreed to."),
    "readings": lazy("The readings are not those of the pack: « %(where)s »."),
    "figures": lazy("A figure of the pack does not follow from its readings: « %(where)s »."),
}


def verify_files(path: Path, readings: Path | None, key: str, words_in: str) -> None:
    """Verify a pack and print one line; exit with 0, 1 or 2."""
    language.set(words_in)
    pack = pack_in(path)
    if readings is not None and not readings.is_file():
        stop(_("The file cannot be read: %(file)s", file=readings))
    found = check(pack, lines_of(readings) if readings else None, key)
    text = said(pack, found, whole=readings is not None)
    if found:
        differ(found, text)
    click.echo(text)
    if not key:
        click.echo(who_signed(pack))


def pack_in(path: Path) -> Pack:
    """Return the pack in a file; end with 2 and a line when there is none."""
    try:
        return loaded(path.read_bytes())
    except OSError as error:
        stop(_("The file cannot be read: %(file)s", file=error.filename or path))
    except NotAPack as error:
        if error.place is not None:
            stop(
                _("This pack was changed at byte %(place)s: %(file)s", place=error.place, file=path)
            )
        stop(_("This file is no evidence pack: %(file)s", file=path))
    raise AssertionError("stop() ends the program")


def differ(found: list[Finding], text: str) -> NoReturn:
    """Say what does not hold: 1 when it was checked and does not, 2 when it cannot be checked."""
    if found[0].what == "form":
        stop(text)
    click.echo(text, err=True)
    raise SystemExit(DIFFERS)


def who_signed(pack: Pack) -> str:
    """Return what is left to do for whoever did not say which key must have signed."""
    return _(
        "Who signed was not checked: compare this key with the one that the portal publishes at "
        "/evidence/key, or verify with --key: %(key)s",
        key=pack.data["signature"]["public_key"],
    )


def said(pack: Pack, found: list[Finding], *, whole: bool) -> str:
    """Return the line that says what came of it, in the present language."""
    if found and found[0].what == "form":
        return UnknownForm().text()
    if found:
        first = _(WHAT[found[0].what], where=found[0].where)
        more = len(found) - 1
        return first + (" " + _("(and %(more)s more)", more=number(more)) if more else "")
    by = pack.data["signature"]["public_key"]
    if not whole:
        return _(
            "The seal, the signature (key %(key)s) and the judgements hold; the figures were not"
            " computed again, because no readings were given.",
            key=by,
        )
    return _(
        "The pack holds: %(count)s readings, every figure computed again, signed with key %(key)s.",
        count=number(pack.sections["readings"]["count"]),
        key=by,
    )


def export_pack(
    pilot_id: UUID, folder: Path, *, parquet: bool, head: str = "", words_in: str = "fr"
) -> None:
    """Write a pack of a pilot, the newest unless its head is given, and its readings."""
    language.set(words_in)

    async def run() -> None:
        async with database.pool(min_size=1, max_size=2):
            await exported(pilot_id, folder, parquet=parquet, head=head)

    try:
        asyncio.run(run())
    except UserError as error:
        stop(error.text())


async def exported(pilot_id: UUID, folder: Path, *, parquet: bool = False, head: str = "") -> None:
    """Write the files, the pack last: where it is, the readings are whole.

    Raises:
        NoSuchPack: the pilot has none, or none with this head.
        UnknownForm: another version made it.
        ReadingsHaveCome: its readings were not kept, and those of today are others.
    """
    found = await pack_with(head) if head else await newest_pack(pilot_id)
    if found is None or found.pilot_id != pilot_id:
        raise NoSuchPack
    try:
        pack = loaded(found.content)
        root, count = (pack.sections["readings"][name] for name in ("root", "count"))
        contents = contents_of(pack)
    except (NotAPack, *FORMLESS) as error:
        raise UnknownForm from error
    folder.mkdir(parents=True, exist_ok=True)
    await _readings(root, contents, folder / READINGS)
    if parquet:
        await asyncio.to_thread(write_parquet, folder / READINGS, folder / COLUMNS)
    (folder / PACK).write_bytes(found.content)
    click.echo(
        _(
            "%(file)s: %(count)s readings, %(head)s",
            file=folder / PACK,
            count=number(count),
            head=found.head,
        )
    )


async def _readings(root: str, contents: Contents, target: Path) -> None:
    """Write the readings of a pack: from the file that was kept with it, or read once more."""
    source = keeping.file_of(root)
    if source.is_file():
        await asyncio.to_thread(shutil.copyfile, source, target)
        return
    with target.open("wb") as file, keeping.packed(file) as lines:
        readings = Readings(sink=lines)
        async with picture():
            await collect(contents, readings)
    if readings.tree.root != root:
        # They came late and the file is gone: the pack stays what it is, a new one can be made.
        target.unlink()
        raise ReadingsHaveCome
