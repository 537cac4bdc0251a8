"""How complete a device record is: what is missing, how much it matters, and where to mend it.

Errors stop a submission; warnings are what a buyer will miss; hints make a record pleasant.
The three are never mixed into one list: mixed lists discourage (Open Food Facts, issue 8158).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog.rules.emdn import is_assignable
from catalog.states import (
    DocumentKind,
    Maturity,
    Origin,
    OriginLevel,
    Registration,
    RiskClass,
)


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Step(StrEnum):
    """One page of the registration of a device, in order."""

    NAMES = "names"
    PURPOSE = "purpose"
    CLASSIFICATION = "classification"
    VARIANTS = "variants"
    ATTRIBUTES = "attributes"
    ORIGIN = "origin"
    REGISTRATION = "registration"
    PRICE = "price"
    FILES = "files"
    CHECK = "check"


class StepStatus(StrEnum):
    """How far one page of a record is."""

    NEEDED = "needed"  # something is missing that stops a submission
    TODO = "todo"  # something is missing that a buyer will miss
    EMPTY = "empty"  # nothing was given, and nothing is asked for
    DONE = "done"


WEIGHTS = {Severity.ERROR: 5, Severity.WARNING: 3, Severity.HINT: 1}


@dataclass(frozen=True)
class Facts:
    """What completeness is judged by; empty text and ``None`` are « not said »."""

    names: dict[str, str]
    summaries: dict[str, str]
    purposes: dict[str, str]
    brand: str = ""
    reference: str = ""
    emdn_code: str = ""
    emdn_known: bool = False
    emdn_terminal: bool = True
    risk_class: str = RiskClass.UNKNOWN
    flags_said: int = 0
    flags_total: int = 8
    variants: int = 0
    variants_with_udi: int = 0
    attributes: int = 0
    attributes_expected: int = 0
    origin: str = Origin.UNKNOWN
    country: str = ""
    maturity: str = Maturity.UNKNOWN
    registration: str = Registration.UNKNOWN
    registration_number: str = ""
    registration_expires_on: date | None = None
    instruction_languages: tuple[str, ...] = ()
    has_price: bool = False
    photos: int = 0
    document_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """Something missing or doubtful, and the step where it is mended."""

    code: str
    severity: Severity
    step: Step


Check = tuple[str, Severity, Step, Callable[[Facts], bool]]


def _registered(facts: Facts) -> bool:
    return facts.registration in {Registration.REGISTERED, Registration.EXPIRED}


CHECKS: tuple[Check, ...] = (
    ("name", Severity.ERROR, Step.NAMES, lambda f: any(f.names.values())),
    ("name_fr", Severity.WARNING, Step.NAMES, lambda f: bool(f.names.get("fr"))),
    ("name_ar", Severity.WARNING, Step.NAMES, lambda f: bool(f.names.get("ar"))),
    ("name_en", Severity.HINT, Step.NAMES, lambda f: bool(f.names.get("en"))),
    ("reference", Severity.WARNING, Step.NAMES, lambda f: bool(f.reference)),
    ("summary", Severity.ERROR, Step.PURPOSE, lambda f: any(f.summaries.values())),
    ("purpose", Severity.WARNING, Step.PURPOSE, lambda f: any(f.purposes.values())),
    ("summary_ar", Severity.HINT, Step.PURPOSE, lambda f: bool(f.summaries.get("ar"))),
    ("risk_class", Severity.ERROR, Step.CLASSIFICATION,
     lambda f: f.risk_class != RiskClass.UNKNOWN),
    ("emdn", Severity.ERROR, Step.CLASSIFICATION, lambda f: bool(f.emdn_code)),
    ("emdn_form", Severity.ERROR, Step.CLASSIFICATION,
     lambda f: not f.emdn_code or is_assignable(f.emdn_code)),
    ("emdn_unknown", Severity.WARNING, Step.CLASSIFICATION,
     lambda f: not f.emdn_code or f.emdn_known),
    ("emdn_terminal", Severity.WARNING, Step.CLASSIFICATION,
     lambda f: not f.emdn_known or f.emdn_terminal),
    ("flags", Severity.HINT, Step.CLASSIFICATION, lambda f: f.flags_said >= f.flags_total),
    ("variant", Severity.ERROR, Step.VARIANTS, lambda f: f.variants > 0),
    ("udi", Severity.HINT, Step.VARIANTS, lambda f: f.variants_with_udi >= f.variants > 0),
    ("attributes", Severity.WARNING, Step.ATTRIBUTES,
     lambda f: f.attributes > 0 or f.attributes_expected == 0),
    ("attributes_all", Severity.HINT, Step.ATTRIBUTES,
     lambda f: f.attributes >= f.attributes_expected),
    ("origin", Severity.ERROR, Step.ORIGIN, lambda f: f.origin != Origin.UNKNOWN),
    ("country", Severity.WARNING, Step.ORIGIN,
     lambda f: f.origin != Origin.FOREIGN or bool(f.country)),
    ("maturity", Severity.WARNING, Step.ORIGIN, lambda f: f.maturity != Maturity.UNKNOWN),
    ("registration", Severity.ERROR, Step.REGISTRATION,
     lambda f: f.registration != Registration.UNKNOWN),
    ("registration_number", Severity.ERROR, Step.REGISTRATION,
     lambda f: not _registered(f) or bool(f.registration_number)),
    ("registration_expiry", Severity.WARNING, Step.REGISTRATION,
     lambda f: not _registered(f) or f.registration_expires_on is not None),
    ("instructions", Severity.WARNING, Step.REGISTRATION,
     lambda f: bool({"fr", "ar"} & set(f.instruction_languages))),
    ("price", Severity.HINT, Step.PRICE, lambda f: f.has_price),
    ("photo", Severity.WARNING, Step.FILES, lambda f: f.photos > 0),
    ("declaration", Severity.WARNING, Step.FILES,
     lambda f: DocumentKind.DECLARATION in f.document_kinds),
    ("certificate", Severity.WARNING, Step.FILES,
     lambda f: not _registered(f) or DocumentKind.REGISTRATION in f.document_kinds),
)  # fmt: skip


# The pages on which nothing at all may be said; on the others an answer is always asked for.
MAY_BE_EMPTY: dict[Step, Callable[[Facts], bool]] = {
    Step.VARIANTS: lambda f: f.variants == 0,
    Step.ATTRIBUTES: lambda f: f.attributes == 0,
    Step.PRICE: lambda f: not f.has_price,
    Step.FILES: lambda f: f.photos == 0 and not f.document_kinds,
}


@dataclass(frozen=True)
class StepState:
    """How far one page is: what is needed, and how many answers are still to be given at all."""

    status: StepStatus
    needed: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Completeness:
    """What was found, gravest first, and the score in percent."""

    score: int
    findings: tuple[Finding, ...]
    empty: frozenset[Step] = frozenset()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what stops a submission."""
        return self.of(Severity.ERROR)

    @property
    def ready(self) -> bool:
        """Say whether the record may be submitted."""
        return not self.errors

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(one for one in self.findings if one.severity is severity)

    def at(self, step: Step) -> tuple[Finding, ...]:
        """Return the findings that are mended at one step."""
        return tuple(one for one in self.findings if one.step is step)

    def state_of(self, step: Step) -> StepState:
        """Return how far one page is; hints alone leave it complete, unless it is empty."""
        graves = [one.severity for one in self.at(step)]
        needed = graves.count(Severity.ERROR)
        missing = needed + graves.count(Severity.WARNING)
        if missing:
            return StepState(StepStatus.NEEDED if needed else StepStatus.TODO, needed, missing)
        return StepState(StepStatus.EMPTY if step in self.empty else StepStatus.DONE)


def completeness(facts: Facts) -> Completeness:
    """Judge a record: score = 100 × weight of the checks passed ÷ weight of all checks.

    Returns:
        The findings in the order of the steps and a whole number from 0 to 100; it is 100 only
        when nothing at all is missing.
    """
    findings = tuple(
        Finding(code, severity, step)
        for code, severity, step, passes in CHECKS
        if not passes(facts)
    )
    total = sum(WEIGHTS[severity] for _, severity, _, _ in CHECKS)
    missing = sum(WEIGHTS[finding.severity] for finding in findings)
    empty = frozenset(step for step, is_empty in MAY_BE_EMPTY.items() if is_empty(facts))
    return Completeness(100 * (total - missing) // total, findings, empty)


def origin_level(origin: str, present: str, document_kinds: tuple[str, ...]) -> OriginLevel:
    """Return how well an origin is supported, from what the record holds.

    A verified level is kept: only a verifier gives or takes it. A bar code that starts with 611
    shows membership of GS1 Morocco and proves no origin, so it does not count.
    """
    if origin != Origin.MOROCCO:
        return OriginLevel.NONE
    if present == OriginLevel.VERIFIED:
        return OriginLevel.VERIFIED
    if DocumentKind.ORIGIN_PROOF in document_kinds:
        return OriginLevel.DOCUMENTED
    return OriginLevel.DECLARED


def marketable(registration: str, expires_on: date | None, today: date) -> bool:
    """Say whether the declared registration lets a device be marketed on ``today``.

    Source: law 84-12, art. 12: no marketing without a certificate of registration.
    """
    return registration == Registration.REGISTERED and (expires_on is None or expires_on >= today)
