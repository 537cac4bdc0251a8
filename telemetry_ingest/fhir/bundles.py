"""Bundles: a page of what was found, with the way to the next. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from telemetry_ingest.fhir.searching import Asked
from telemetry_ingest.fhir.terms import Json

# What stays readable in an address: as FHIR's own examples write it.
SAFE = ",:/|"


def entry(base: str, resource: Json) -> Json:
    """Return a resource in a bundle, with its address."""
    return {
        "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
        "resource": resource,
    }


@dataclass(frozen=True)
class Page:
    """What was found.

    Attributes:
        after: where the next page begins, empty when there is none.
        included: what comes with it.
        total: how many there are in all, if that was asked.
    """

    found: list[Json]
    after: str = ""
    included: list[Json] = field(default_factory=list)
    total: int | None = None


def searchset(base: str, asked: Asked, page: Page, remarks: Iterable[Json] = ()) -> Json:
    """Return a page of a search.

    Args:
        base: address of the FHIR server.
        asked: what was understood of the search; « self » says it.
        page: what was found.
        remarks: OperationOutcomes about the search.
    """
    address = f"{base}/{asked.kind}?"
    terms = [*asked.used, ("_count", str(asked.shape.count))]
    own = [*terms, *([("_after", asked.after_text)] if asked.after_text else [])]
    links = [{"relation": "self", "url": address + urlencode(own, safe=SAFE)}]
    if page.after:
        following = urlencode([*terms, ("_after", page.after)], safe=SAFE)
        links.append({"relation": "next", "url": address + following})
    entries = [
        *({**entry(base, one), "search": {"mode": "match"}} for one in page.found),
        *({**entry(base, one), "search": {"mode": "include"}} for one in page.included),
        *({"resource": one, "search": {"mode": "outcome"}} for one in remarks),
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        **({} if page.total is None else {"total": page.total}),
        "link": links,
        **({"entry": entries} if entries else {}),
    }
