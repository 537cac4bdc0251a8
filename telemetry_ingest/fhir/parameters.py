"""What can be searched: the one list that is read, described and announced. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST, USUAL = 1_000, 100


@dataclass(frozen=True)
class Parameter:
    """A search parameter; ``kind`` is FHIR's word for what its values are."""

    name: str
    kind: str
    text: str


ID = Parameter("_id", "token", "Ids, separated by commas.")
TAG = Parameter("_tag", "token", "The devices of one pilot: its id, or system|id.")
FORMAT = Parameter("_format", "token", "application/fhir+json or json; nothing else.")
PRETTY = Parameter("_pretty", "token", "true: written for people, on many lines.")
ELEMENTS = Parameter(
    "_elements", "string", "Names of elements, separated by commas; the required ones come too."
)
# What may be asked of a single resource, and shapes a page too.
OF_ONE = (FORMAT, PRETTY, ELEMENTS)

# By what a search may be sorted; with a « - » before it, from the end.
SORTS: Mapping[str, tuple[str, ...]] = {
    "Device": ("_id",), "DeviceMetric": ("_id",), "Observation": ("date",),
}  # fmt: skip
# What comes with the matches: resources they name, and resources that name them.
INCLUDES: Mapping[str, tuple[str, ...]] = {
    "Device": (),
    "DeviceMetric": ("DeviceMetric:source",),
    "Observation": ("Observation:device", "Observation:focus"),
}
REVINCLUDES: Mapping[str, tuple[str, ...]] = {
    "Device": ("DeviceMetric:source",), "DeviceMetric": (), "Observation": (),
}  # fmt: skip


def _shaping(kind: str) -> tuple[Parameter, ...]:
    """Return what shapes the answer and is no condition: FHIR names it nowhere by resource."""
    sorts = ", ".join(f"{one}, -{one}" for one in SORTS[kind])
    found = [
        Parameter("_count", "number", f"Resources in a page, {USUAL} if not said; {MOST} at most."),
        Parameter("_sort", "string", f"{sorts}. {SORT[kind]}"),
        Parameter("_total", "token", "accurate or estimate: how many in all; none: not that."),
        Parameter("_summary", "token", "count: only how many; false, data: the resources whole."),
    ]
    for name, values in (("_include", INCLUDES[kind]), ("_revinclude", REVINCLUDES[kind])):
        if values:
            found.append(Parameter(name, "string", ", ".join(values)))
    return (
        *found, *OF_ONE,
        Parameter("_after", "string", "Where the page begins: follow the link « next »."),
    )  # fmt: skip


SORT = {
    "Device": "If not said: in the order in which they were enrolled.",
    "DeviceMetric": "If not said: by device, then by code.",
    "Observation": "If not said: by device, code and time; those of one moment by start and "
    "number.",
}
CONDITIONS: Mapping[str, tuple[Parameter, ...]] = {
    "Device": (
        ID,
        TAG,
        Parameter("identifier", "token", "The serial number, or system|value."),
    ),
    "DeviceMetric": (
        ID,
        TAG,
        Parameter("source", "reference", "Device/… it belongs to."),
        Parameter("type", "token", "MDC codes, or system|code, separated by commas."),
    ),
    "Observation": (
        Parameter(
            "device",
            "reference",
            "Device/… (all it measures, and its alarms) or DeviceMetric/…, separated by commas; "
            "required.",
        ),
        Parameter(
            "code",
            "token",
            "MDC codes, or system|code, separated by commas; 196616 (MDC_EVT_ALARM) for alarms.",
        ),
        Parameter(
            "date",
            "date",
            "With eq, ge, gt, le, lt, sa or eb before it; several of them narrow each other.",
        ),
    ),
}
SHAPING: Mapping[str, tuple[Parameter, ...]] = {kind: _shaping(kind) for kind in CONDITIONS}
SEARCHES: Mapping[str, tuple[Parameter, ...]] = {
    kind: (*found, *SHAPING[kind]) for kind, found in CONDITIONS.items()
}
