"""The public page of a pilot's evidence, its files, and asking for it."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.permissions import may
from portal.settings import get_settings
from portal.web.guards import actor_of, allow, public, require
from portal.web.i18n import gettext as _
from portal.web.i18n import language, number
from portal.web.page import page, see_other
from telemetry_ingest.access import EVIDENCE_MAKE, PILOT_VIEW
from telemetry_ingest.errors import PilotMoveNotAllowed, PilotNotFound, UnknownForm
from telemetry_ingest.evidence import signing
from telemetry_ingest.evidence.jobs import (
    ask_for_evidence,
    failed_lately,
    is_printed_now,
    progress_of,
)
from telemetry_ingest.evidence.presenting import presented, report
from telemetry_ingest.pages.sides import shown_pilot, under_pilot
from telemetry_ingest.queries.evidence import PackView, come_since, newest_pack, published_pack
from telemetry_ingest.queries.pilots import pilot
from telemetry_ingest.states import Move, target_of

Asked = Request[Any, Any, Any]
Headers = dict[str, str]
LASTING = {"Cache-Control": "public, max-age=300"}
PRIVATE = {"Cache-Control": "private, no-store"}


@get("/pilots/{pilot_id:uuid}/evidence", name="pilots.evidence", guards=[public])
async def evidence(request: Asked, pilot_id: FromPath[UUID]) -> Template:
    """Show what a pilot proved to everybody; before that, to its sides how far it is."""
    one = await pilot(pilot_id)
    actor = actor_of(request)
    sees = one is not None and may(actor, PILOT_VIEW, one)
    kept = await (newest_pack if sees else published_pack)(pilot_id)
    if one is None or not (kept or sees):
        raise PilotNotFound
    possible = target_of(Move.EVIDENCE, one.state) is not None
    return page(
        request,
        "evidence/show.html",
        title=_("Evidence of a pilot"),
        breadcrumbs=under_pilot(request, one, _("Evidence of a pilot")) if sees else [],
        pilot=one,
        kept=kept,
        sees=sees,
        makes=possible and may(actor, EVIDENCE_MAKE, one),
        progress=await progress_of(one.id) if sees else None,
        failed=sees and await failed_lately(one.id),
        printing=kept is not None and await is_printed_now(kept.head),
        **({"unknown": ""} | (await _proven(kept) if kept else {"shown": None, "late": ""})),
    )


async def _proven(kept: PackView) -> dict[str, Any]:
    """Return a pack in words, what came after it, and whether its key is one of ours."""
    try:
        found = await asyncio.to_thread(presented, kept)
    except UnknownForm as error:
        return {"shown": None, "late": "", "unknown": error.text()}
    late = await come_since(kept.pilot_id, found.held)
    known = found.key in signing.published(get_settings())
    return {
        "shown": found.shown,
        "late": number(late) if late else "",
        "key_said": _("It is signed with a key that this portal publishes.")
        if known
        else _("Careful: it is signed with a key that this portal does not publish."),
    }


@post(
    "/pilots/{pilot_id:uuid}/evidence", name="pilots.evidence.post", guards=[allow(EVIDENCE_MAKE)]
)
async def make(request: Asked, pilot_id: FromPath[UUID]) -> Redirect:
    """Have the pack of a closed pilot made."""
    one = await shown_pilot(request, pilot_id)
    actor = require(request, EVIDENCE_MAKE, one)
    if target_of(Move.EVIDENCE, one.state) is None:
        raise PilotMoveNotAllowed
    signing.seed(get_settings())
    assert actor.person_id is not None
    await ask_for_evidence(one.id, actor.person_id)
    return see_other(request, "pilots.evidence", pilot_id=one.id)


@get("/pilots/{pilot_id:uuid}/evidence/pack.json", name="pilots.evidence.pack", guards=[public])
async def pack_file(request: Asked, pilot_id: FromPath[UUID]) -> Response[bytes]:
    """Send the newest pack as it was signed."""
    kept, keeping = await _kept(request, pilot_id)
    return _file(kept.content, f"pack-{kept.head[:12]}.json", "application/json", keeping)


@get("/pilots/{pilot_id:uuid}/evidence/report.pdf", name="pilots.evidence.report", guards=[public])
async def report_file(request: Asked, pilot_id: FromPath[UUID]) -> Response[bytes]:
    """Send the report in the language of the address."""
    kept, keeping = await _kept(request, pilot_id)
    made = await asyncio.to_thread(report, kept)
    return _file(made, f"pack-{kept.head[:12]}-{language.get()}.pdf", "application/pdf", keeping)


@get("/evidence/key", name="evidence.key", guards=[public])
async def key() -> Response[str]:
    """Publish the keys that packs of this portal are signed with, the present one first."""
    keys = signing.published(get_settings())
    return Response(
        "".join(f"{one}\n" for one in keys), media_type="text/plain; charset=utf-8", headers=LASTING
    )


async def _kept(request: Asked, pilot_id: UUID) -> tuple[PackView, Headers]:
    """Return the newest pack, and who may keep a copy of it on the way."""
    if kept := await published_pack(pilot_id):
        return kept, LASTING
    await shown_pilot(request, pilot_id)  # its sides and the authorities, if there is one
    if kept := await newest_pack(pilot_id):
        return kept, PRIVATE
    raise PilotNotFound


def _file(content: bytes, name: str, kind: str, keeping: Headers) -> Response[bytes]:
    saved = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=keeping | saved)


PAGES = (evidence, make, pack_file, report_file, key)
