"""What can be searched: the one list that is read, described and announced. Pure."""

from dataclasses import dataclass

MOST, USUAL = 1_000, 100


@dataclass(frozen=True)
class Parameter:
    """A search parameter; ``kind`` is FHIR's word for what its values are."""

    name: str
    kind: str
    text: str


COUNT = Parameter("_count", "number", f"Resources in a page, {USUAL} if not said; {MOST} at most.")
AFTER = Parameter("_after", "string", "Where the page begins: follow the link « next ».")
FORMAT = Parameter("_format", "token", "application/fhir+json or json; nothing else.")
ID = Parameter("_id", "token", "Ids, separated by commas.")
TAG = Parameter("_tag", "token", "The devices of one pilot: its id, or system|id.")
# What shapes the answer and is no condition: not named in the CapabilityStatement.
SHAPING = (COUNT, AFTER, FORMAT)

SEARCHES: dict[str, tuple[Parameter, ...]] = {
    "Device": (
        ID,
        TAG,
        Parameter("identifier", "token", "The serial number, or system|value."),
        *SHAPING,
    ),
    "DeviceMetric": (
        ID,
        TAG,
        Parameter("source", "reference", "Device/… it belongs to."),
        Parameter("type", "token", "MDC codes, or system|code, separated by commas."),
        *SHAPING,
    ),
    "Observation": (
        Parameter(
            "device",
            "reference",
            "Device/… (all it measures) or DeviceMetric/…, separated by commas; required.",
        ),
        Parameter("code", "token", "MDC codes, or system|code, separated by commas."),
        Parameter(
            "date",
            "date",
            "With eq, ge, gt, le, lt, sa or eb before it; several of them narrow each other.",
        ),
        *SHAPING,
    ),
}
SORT = "By device, metric and time; readings of one moment by start and number. No _sort."
