"""The life of a device record, and the closed lists its columns take their values from."""

from enum import StrEnum


class DeviceState(StrEnum):
    """Where a device record is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    RETIRED = "retired"


DEVICE_MOVES: dict[DeviceState, frozenset[DeviceState]] = {
    DeviceState.DRAFT: frozenset({DeviceState.SUBMITTED}),
    # Back to draft: withdrawn by the supplier, or sent back by the verifier with a reason.
    DeviceState.SUBMITTED: frozenset({DeviceState.DRAFT, DeviceState.PUBLISHED}),
    DeviceState.PUBLISHED: frozenset(
        {DeviceState.SUSPENDED, DeviceState.RETIRED, DeviceState.DRAFT}
    ),
    DeviceState.SUSPENDED: frozenset({DeviceState.PUBLISHED, DeviceState.DRAFT}),
    DeviceState.RETIRED: frozenset({DeviceState.DRAFT}),
}

# What the public may see: a retired device stays readable because contracts refer to it.
PUBLIC_STATES = frozenset({DeviceState.PUBLISHED, DeviceState.RETIRED})


class Move(StrEnum):
    """What a person does to bring a device record from one state to another."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    RETIRE = "retire"
    REVISE = "revise"


MOVES: dict[Move, tuple[frozenset[DeviceState], DeviceState]] = {
    Move.SUBMIT: (frozenset({DeviceState.DRAFT}), DeviceState.SUBMITTED),
    Move.WITHDRAW: (frozenset({DeviceState.SUBMITTED}), DeviceState.DRAFT),
    Move.PUBLISH: (frozenset({DeviceState.SUBMITTED}), DeviceState.PUBLISHED),
    Move.SEND_BACK: (frozenset({DeviceState.SUBMITTED}), DeviceState.DRAFT),
    Move.SUSPEND: (frozenset({DeviceState.PUBLISHED}), DeviceState.SUSPENDED),
    Move.REINSTATE: (frozenset({DeviceState.SUSPENDED}), DeviceState.PUBLISHED),
    # Only what is public: a retired device is readable, which no unseen draft may become by it.
    Move.RETIRE: (frozenset({DeviceState.PUBLISHED}), DeviceState.RETIRED),
    Move.REVISE: (
        frozenset({DeviceState.PUBLISHED, DeviceState.SUSPENDED, DeviceState.RETIRED}),
        DeviceState.DRAFT,
    ),
}

# The moves that make no sense without telling the other side why.
NEEDS_REASON = frozenset({Move.SEND_BACK, Move.SUSPEND})
# What a verifier may still do with a record whose organisation is suspended.
OF_SUSPENDED = frozenset({Move.SEND_BACK, Move.SUSPEND})


def target_of(move: Move, source: DeviceState) -> DeviceState | None:
    """Return where ``move`` leads from ``source``, or ``None`` when it is not allowed there."""
    sources, target = MOVES[move]
    return target if source in sources else None


class RiskClass(StrEnum):
    """Class of law 84-12 (I, Is, Im, IIa, IIb, III) or of the IVD regulation (A to D)."""

    I = "I"  # noqa: E741 — the name the law gives this class
    IS = "Is"
    IM = "Im"
    IIA = "IIa"
    IIB = "IIb"
    III = "III"
    IVD_A = "IVD-A"
    IVD_B = "IVD-B"
    IVD_C = "IVD-C"
    IVD_D = "IVD-D"
    NONE = "none"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where a device is made, as far as the record says."""

    MOROCCO = "morocco"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


class OriginLevel(StrEnum):
    """How well a « made in Morocco » statement is supported."""

    NONE = "none"
    DECLARED = "declared"
    DOCUMENTED = "documented"
    VERIFIED = "verified"


class Maturity(StrEnum):
    """How far the making of a device has come."""

    PROTOTYPE = "prototype"
    PILOT = "pilot"
    SMALL_SERIES = "small_series"
    SERIES = "series"
    UNKNOWN = "unknown"


class Registration(StrEnum):
    """Where the registration of law 84-12 art. 12 stands, as declared."""

    UNKNOWN = "unknown"
    NONE = "none"
    IN_PROGRESS = "in_progress"
    REGISTERED = "registered"
    EXPIRED = "expired"


class Agency(StrEnum):
    """Who issues a UDI-DI."""

    GS1 = "GS1"
    HIBCC = "HIBCC"
    ICCBBA = "ICCBBA"
    IFA = "IFA"
    NONE = "none"


class Tax(StrEnum):
    """Whether a price includes tax."""

    EXCLUDED = "excl_tax"
    INCLUDED = "incl_tax"


class AttributeKind(StrEnum):
    """What the value of an attribute is."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class DocumentKind(StrEnum):
    """What a document of a device is."""

    DECLARATION = "declaration"
    REGISTRATION = "registration"
    CE_CERTIFICATE = "ce_certificate"
    INSTRUCTIONS = "instructions"
    BROCHURE = "brochure"
    TEST_REPORT = "test_report"
    ORIGIN_PROOF = "origin_proof"
    OTHER = "other"


class Source(StrEnum):
    """Which register a reference device was read from."""

    OWN = ""
    GUDID = "gudid"
    EUDAMED = "eudamed"
