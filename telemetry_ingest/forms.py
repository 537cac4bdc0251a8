"""What a person may type about a pilot: its terms, a device, a reason."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from portal.accounts.forms import Printable
from portal.web.i18n import CASABLANCA, language, lazy
from telemetry_ingest.metrics import metrics
from telemetry_ingest.protocol import Measure, Protocol, Threshold, Watched
from telemetry_ingest.states import Refusal

Line = Annotated[str, StringConstraints(max_length=200)]
MOST = 999_999


def _limit(most: int = MOST) -> Any:
    # Not in the annotation: what takes a number is read from there, to read 12,5 as one.
    return Field(default=None, ge=0, le=most, decimal_places=4)


SHARES = ("availability", "completeness")
AMOUNTS = ("mtbf", "mttr", "alarm_rate")
OF_METRIC = ("drift", "bias", "agreement", "accuracy")
CONFIDENCES = ("0.90", "0.95", "0.99")


class TermsForm(BaseModel):
    """The terms of a pilot; the fields of each metric are added by its code."""

    version: int = Field(ge=0, le=2**31 - 1, default=0)
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    site: Line = ""
    purpose: Annotated[str, StringConstraints(max_length=2000)] = ""
    starts: date
    ends: date
    daily_from: int = Field(ge=0, le=23, default=0)
    daily_to: int = Field(ge=1, le=24, default=24)
    silence_s: int = Field(ge=1, le=86_400, default=150)
    reference: bool = False
    pairing_s: float = Field(gt=0, le=60, default=1.0)
    availability: Decimal | None = _limit(100)
    completeness: Decimal | None = _limit(100)
    mtbf: Decimal | None = _limit()
    mttr: Decimal | None = _limit()
    alarm_rate: Decimal | None = _limit()
    confidence: Literal["0.90", "0.95", "0.99"] = "0.95"
    least_hours: int = Field(ge=0, le=100_000, default=168)

    @field_validator("starts")
    @classmethod
    def _to_come(cls, value: date) -> date:
        if value < datetime.now(CASABLANCA).date():
            raise ValueError(lazy("The first day cannot lie in the past."))
        return value

    @field_validator("ends")
    @classmethod
    def _after(cls, value: date, info: ValidationInfo) -> date:
        starts = info.data.get("starts")
        if starts and value < starts:
            raise ValueError(lazy("The last day cannot come before the first day."))
        return value

    @field_validator("daily_to")
    @classmethod
    def _later(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("daily_from", 0):
            raise ValueError(lazy("Service has to end after it begins."))
        return value

    @model_validator(mode="after")
    def _something(self) -> "TermsForm":
        if not self.codes:
            raise ValueError(lazy("Choose at least one metric."))
        return self

    @property
    def codes(self) -> list[int]:
        """Return the codes of the metrics that were chosen."""
        return [one.code for one in metrics().values() if getattr(self, f"watch_{one.code}")]

    def protocol(self) -> Protocol:
        """Return the protocol that was typed, without asking whether it contradicts itself."""
        return Protocol(
            title=self.title,
            purpose=self.purpose,
            starts_at=midnight(self.starts),
            ends_at=midnight(self.ends + timedelta(days=1)),
            watched=tuple(self._watched()),
            thresholds=tuple(self._thresholds()),
            silence_s=self.silence_s,
            daily_from=self.daily_from,
            daily_to=self.daily_to,
            reference=self.reference,
            pairing_s=self.pairing_s,
        )

    def _watched(self) -> list[Watched]:
        return [
            Watched(
                metric=one.refid,
                low=getattr(self, f"low_{one.code}"),
                high=getattr(self, f"high_{one.code}"),
                every_s=getattr(self, f"every_{one.code}"),
            )
            for one in metrics().values()
            if one.code in self.codes
        ]

    def _thresholds(self) -> list[Threshold]:
        typed = [(name, getattr(self, name), "") for name in (*SHARES, *AMOUNTS)]
        typed += [
            (name, getattr(self, f"{name}_{one.code}"), one.refid)
            for one in metrics().values()
            if one.code in self.codes
            for name in OF_METRIC
        ]
        return [
            Threshold(
                measure=Measure(name),
                limit=plain(limit / 100 if name in SHARES else limit),
                confidence=self.confidence,
                least_hours=self.least_hours,
                metric=metric,
            )
            for name, limit, metric in typed
            if limit is not None
        ]


def midnight(day: date) -> datetime:
    """Return when a day begins in Casablanca, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=CASABLANCA).astimezone(UTC)


def plain(value: Decimal | float) -> str:
    """Return a number in digits without an exponent and without zeros at its end."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fields_of_metrics() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for one in metrics().values():
        fields[f"watch_{one.code}"] = (bool, False)
        fields[f"low_{one.code}"] = (float, Field(default=one.low, ge=-1e6, le=1e6))
        fields[f"high_{one.code}"] = (float, Field(default=one.high, ge=-1e6, le=1e6))
        fields[f"every_{one.code}"] = (float, Field(default=60.0, gt=0, le=86_400))
        fields |= {f"{name}_{one.code}": (Decimal | None, _limit()) for name in OF_METRIC}
    return fields


PilotForm: type[TermsForm] = create_model("PilotForm", __base__=TermsForm, **_fields_of_metrics())


def as_written(value: Decimal | float) -> str:
    """Return a number as somebody would type it in the language of the page."""
    text = plain(value)
    return text if language.get() == "en" else text.replace(".", ",")


def empty_terms() -> dict[str, Any]:
    """Return what a new form shows: a reading a minute in the plausible range, 95 % confidence."""
    typed: dict[str, Any] = {
        "daily_from": "0", "daily_to": "24", "silence_s": "150", "pairing_s": "1",
        "confidence": "0.95", "least_hours": "168",
    }  # fmt: skip
    for one in metrics().values():
        typed[f"low_{one.code}"] = as_written(one.low)
        typed[f"high_{one.code}"] = as_written(one.high)
        typed[f"every_{one.code}"] = "60"
    return typed


def terms_of(protocol: Protocol, site: str) -> Mapping[str, Any]:
    """Return a protocol as it would have been typed, to be changed."""
    codes = {refid: one.code for refid, one in metrics().items()}
    last = protocol.ends_at - timedelta(seconds=1)
    typed = empty_terms() | {
        "title": protocol.title,
        "site": site,
        "purpose": protocol.purpose,
        "starts": protocol.starts_at.astimezone(CASABLANCA).date().isoformat(),
        "ends": last.astimezone(CASABLANCA).date().isoformat(),
        "daily_from": str(protocol.daily_from),
        "daily_to": str(protocol.daily_to),
        "silence_s": str(protocol.silence_s),
        "reference": "true" if protocol.reference else "",
        "pairing_s": as_written(protocol.pairing_s),
    }
    for watched in protocol.watched:
        code = codes[watched.metric]
        typed |= {
            f"watch_{code}": "true",
            f"low_{code}": as_written(watched.low),
            f"high_{code}": as_written(watched.high),
            f"every_{code}": as_written(watched.every_s),
        }
    for one in protocol.thresholds:
        name = f"{one.measure}_{codes[one.metric]}" if one.metric else str(one.measure)
        share = one.measure in SHARES
        typed[name] = as_written(Decimal(one.limit) * (100 if share else 1))
        typed["confidence"] = f"{Decimal(one.confidence):.2f}"
        typed["least_hours"] = str(one.least_hours)
    return typed


class WhoForm(BaseModel):
    """Of which device, and who tries it out."""

    device: UUID
    host: UUID


class DecisionForm(BaseModel):
    """What is done with the edition that was looked at, and why."""

    version: int = Field(ge=1, le=2**31 - 1)
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


class UnitForm(BaseModel):
    """One physical unit."""

    serial: Annotated[str, StringConstraints(min_length=1, max_length=80), Printable]
    firmware: Annotated[str, StringConstraints(max_length=40), Printable] = ""
    variant: UUID | None = None
    is_reference: bool = False


class TokenForm(BaseModel):
    """Which token of a device was looked at."""

    token_number: int = Field(ge=0, le=2**31 - 1)


class ReplayForm(BaseModel):
    """Which refused messages are played again: all of one reason, or one of them."""

    reason: Refusal
    message: UUID | None = None
    page: int = Field(ge=1, le=10_000, default=1)


EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class PeriodForm(BaseModel):
    """Which readings are taken away: from a day to a day, both whole, and in which format."""

    since: date = Field(ge=EARLIEST, le=LATEST)
    until: date = Field(ge=EARLIEST, le=LATEST)
    form: Literal["csv", "parquet", "fhir.json"] = "csv"

    @field_validator("until")
    @classmethod
    def _ordered(cls, until: date, info: ValidationInfo) -> date:
        since = info.data.get("since")
        if since is not None and until < since:
            raise ValueError(lazy("The last day cannot come before the first day."))
        return until
