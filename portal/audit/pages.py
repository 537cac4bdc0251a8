"""The trail, its exports, and how anybody can verify the audit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream, Template

from portal.audit import queries, verifier
from portal.audit.access import SEE, readable_organisations
from portal.audit.concerning import concerned, kind_words, step_words
from portal.audit.exporting import chain_lines, table_lines
from portal.audit.forms import TrailForm
from portal.audit.queries import Entry, Sought
from portal.audit.words import detail_text, events, words
from portal.web.forms import read
from portal.web.guards import actor_of, allow, public
from portal.web.i18n import gettext as _
from portal.web.page import page, url

PER_PAGE = 50
NOTHING = Sought(organisations=())


@get("/audit", name="audit.trail", guards=[allow(SEE)])
async def trail(request: Request[Any, Any, Any]) -> Template:
    """Show who did what and when, the latest first."""
    typed = dict(request.query_params)
    form, errors = read(TrailForm, typed)
    readable = readable_organisations(actor_of(request))
    asked = form or TrailForm()
    sought = asked.sought(readable) if form else NOTHING
    found = await queries.trail(sought, before=asked.before, after=asked.after, limit=PER_PAGE + 1)
    shown, older, newer = paged(found, asked)
    return page(
        request,
        "audit/trail.html",
        part="audit/_records.html",
        status_code=200 if form else 422,
        title=_("Audit trail"),
        lead=_("Everything that was done here, in the order in which it became final."),
        breadcrumbs=[(_("Audit trail"), "")],
        entries=shown,
        older=older,
        newer=newer,
        names=await queries.names_of(shown),
        concerned=await concerned(shown, actor_of(request)),
        event_kinds=[(one, words(one)) for one in await queries.event_kinds(sought)],
        typed=typed,
        errors=errors,
        narrowed=any(typed.get(name) for name in TrailForm.model_fields),
        sees_all=readable is None,
    )


def paged(found: list[Entry], asked: TrailForm) -> tuple[list[Entry], int | None, int | None]:
    """Return the records of this page, and where the older and the newer page start."""
    more = len(found) > PER_PAGE
    if asked.after is not None:
        shown = found[-PER_PAGE:]
        older = shown[-1].seq if shown else asked.after + 1
        return shown, older, shown[0].seq if more else None
    shown = found[:PER_PAGE]
    older_from = shown[-1].seq if more else None
    return shown, older_from, shown[0].seq if shown and asked.before is not None else None


@get("/audit/export/{form:str}", name="audit.export", guards=[allow(SEE)])
async def export(
    request: Request[Any, Any, Any], form: FromPath[Literal["csv", "ndjson"]]
) -> Stream:
    """Send the filtered trail as a table, or the whole chain to be verified."""
    readable = readable_organisations(actor_of(request))
    if form == "ndjson":
        return download(chain_lines(readable), "audit.ndjson", "application/x-ndjson")
    asked, _errors = read(TrailForm, dict(request.query_params))
    sought = asked.sought(readable) if asked else NOTHING
    texts = {event: words(event) for event in events()}
    return download(table_lines(sought, texts), "audit.csv", "text/csv; charset=utf-8")


def download(content: Any, name: str, kind: str) -> Stream:
    """Return a file to be saved, sent as it is read."""
    return Stream(
        content,
        media_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@get("/audit/verification", name="audit.verification", guards=[public])
async def verification(request: Request[Any, Any, Any]) -> Template:
    """Explain how the audit is kept and verified, and publish its digests."""
    return page(
        request,
        "audit/verification.html",
        title=_("How our audit can be verified"),
        lead=_("Nobody can change what was done here without it being noticed, not even we."),
        breadcrumbs=[(_("How our audit can be verified"), "")],
        head=await queries.newest(),
        heads=await queries.heads(),
        program=request.app.route_reverse("audit.verifier"),
        address=url(request, "audit.verification"),
    )


@get("/audit/verifier.py", name="audit.verifier", guards=[public], include_in_schema=False)
async def verifier_program() -> Response[bytes]:
    """Send the program that verifies an export; it needs Python and nothing else."""
    return Response(
        Path(verifier.__file__).read_bytes(),
        media_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="verifier.py"'},
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "event_words": words,
    "detail_text": detail_text,
    "audit_kind": kind_words,
    "audit_step": step_words,
}
