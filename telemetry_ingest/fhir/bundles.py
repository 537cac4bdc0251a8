"""Bundles: a page of what was found, with the way to the next. Pure."""

from collections.abc import Iterable
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


def searchset(
    base: str, asked: Asked, found: Iterable[Json], after: str = "", remarks: Iterable[Json] = ()
) -> Json:
    """Return a page of a search.

    Args:
        base: address of the FHIR server.
        asked: what was understood of the search; « self » says it.
        found: the resources.
        after: where the next page begins, empty when there is none.
        remarks: OperationOutcomes about the search.
    """
    address = f"{base}/{asked.kind}?"
    terms = [*asked.used, ("_count", str(asked.count))]
    own = [*terms, *([("_after", asked.after_text)] if asked.after_text else [])]
    links = [{"relation": "self", "url": address + urlencode(own, safe=SAFE)}]
    if after:
        following = urlencode([*terms, ("_after", after)], safe=SAFE)
        links.append({"relation": "next", "url": address + following})
    matches = [{**entry(base, one), "search": {"mode": "match"}} for one in found]
    said = [{"resource": one, "search": {"mode": "outcome"}} for one in remarks]
    entries = [*matches, *said]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        **({"entry": entries} if entries else {}),
    }
