"""``tajhiz evidence prove`` and ``check``: some readings of a pack, without the others."""

from pathlib import Path
from typing import NoReturn

import click

from portal.cli import stop
from portal.web.i18n import gettext as _
from portal.web.i18n import language, number
from telemetry_ingest.evidence import proving
from telemetry_ingest.evidence.command import DIFFERS, differ, pack_in, said, who_signed
from telemetry_ingest.evidence.readings import lines_of
from telemetry_ingest.evidence.verify import check


def prove_readings(path: Path, readings: Path, wanted: tuple[str, ...], words_in: str) -> None:
    """Write a proof to the standard output; exit with 0, 1 or 2."""
    language.set(words_in)
    pack = pack_in(path)
    try:
        proof = proving.prove(pack, lines_of(readings), wanted)
    except proving.NotThere as error:
        stop(_("This reading is not among those of the pack: %(line)s", line=error.args[0]))
    except proving.OtherReadings:
        _differ(_("These are not the readings of this pack."))
    except (OSError, ValueError, EOFError):
        stop(_("The file cannot be read: %(file)s", file=readings))
    click.echo(proof.written(), nl=False)


def check_proof(path: Path, proof_file: Path, key: str, words_in: str) -> None:
    """Check a proof against its pack and print each reading; exit with 0, 1 or 2."""
    language.set(words_in)
    pack = pack_in(path)
    try:
        proof = proving.loaded(proof_file.read_bytes())
    except OSError:
        stop(_("The file cannot be read: %(file)s", file=proof_file))
    except proving.NotAProof:
        stop(_("This file is no proof: %(file)s", file=proof_file))
    if found := check(pack, None, key):
        differ(found, said(pack, found, whole=False))
    if lines := proving.wrong(pack, proof):
        _differ(_("This reading is not proven to be one of the pack: %(line)s", line=lines[0]))
    for one in proof.readings:
        click.echo(one.line)
    click.echo(
        _(
            "Readings proven to be among the %(count)s of the pack %(head)s, signed with key"
            " %(key)s: %(proven)s.",
            count=number(pack.sections["readings"]["count"]),
            head=pack.head[:12],
            key=pack.data["signature"]["public_key"],
            proven=number(len(proof.readings)),
        )
    )
    if not key:
        click.echo(who_signed(pack))


def _differ(text: str) -> NoReturn:
    click.echo(text, err=True)
    raise SystemExit(DIFFERS)
