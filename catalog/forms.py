"""What a person may type about a device or a supplier."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from catalog.labels import EMPLOYEES, LANGUAGES
from catalog.queries.records import FLAGS
from catalog.rules.basic_udi import NotABasicUdi, read_basic_udi
from catalog.rules.countries import OFFERED
from catalog.rules.emdn import is_node, normal_code
from catalog.rules.identifiers import normal_di, tidy
from catalog.states import (
    Agency,
    DocumentKind,
    Maturity,
    Move,
    Origin,
    Registration,
    RiskClass,
    Tax,
)
from portal.web.forms import storable
from portal.web.i18n import lazy

MOST_CENTIMES = 10**13
Line = Annotated[str, StringConstraints(max_length=300)]
Short = Annotated[str, StringConstraints(max_length=200)]
Sentence = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=4000)]


def _yes_or_no(value: object) -> object:
    return {"yes": True, "no": False}.get(str(value), value)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _centimes(value: object) -> object:
    """Read an amount as people here write it (« 1 234,50 », « 1.234,50 DH ») as centimes."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"(?i)\s|mad|dhs?|د\.م\.|درهم", "", tidy(value).replace("٫", ","))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    try:
        amount = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation:
        raise ValueError(lazy("Write an amount in digits, such as 12 500,00.")) from None
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 0:
        raise ValueError(lazy("Write an amount in digits, such as 12 500,00."))
    return int(amount)


Tristate = Annotated[bool | None, BeforeValidator(_yes_or_no)]
Codes = Annotated[list[str], BeforeValidator(_several)]
Centimes = Annotated[int, BeforeValidator(_centimes), Field(ge=0, le=MOST_CENTIMES)]


class Step(BaseModel):
    """One page of a record; ``version`` is the edition it was opened at."""

    model_config = ConfigDict(str_strip_whitespace=True)

    version: int = Field(ge=0, le=2**31 - 1, default=0)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, typed: Any) -> Any:
        """Drop what nobody sees: NUL, controls, marks that turn the direction of the text."""
        if not isinstance(typed, dict):
            return typed
        return {
            name: storable(value) if isinstance(value, str) else value
            for name, value in typed.items()
        }

    def columns(self) -> dict[str, Any]:
        """Return what the page writes."""
        return self.model_dump(exclude={"version"})


class NamesForm(Step):
    """What the device is called."""

    name_fr: Line = ""
    name_ar: Line = ""
    name_en: Line = ""
    brand: Line = ""
    reference: Short = ""
    manufacturer_name: Line = ""

    @model_validator(mode="after")
    def _one_name(self) -> "NamesForm":
        if not (self.name_fr or self.name_ar or self.name_en):
            raise ValueError(lazy("Write the name in at least one language."))
        return self


class PurposeForm(Step):
    """What it is and what it is for."""

    summary_fr: Sentence = ""
    summary_ar: Sentence = ""
    summary_en: Sentence = ""
    purpose_fr: Text = ""
    purpose_ar: Text = ""
    purpose_en: Text = ""


class ClassificationForm(Step):
    """Where it stands in the nomenclature, its class and its yes-or-no properties."""

    emdn_code: str = ""
    emdn_pick: str = ""
    gmdn_term: Line = ""
    risk_class: RiskClass = RiskClass.UNKNOWN
    basic_udi: Annotated[str, StringConstraints(max_length=60)] = ""
    is_sterile: Tristate = None
    is_single_use: Tristate = None
    is_implantable: Tristate = None
    is_active: Tristate = None
    is_measuring: Tristate = None
    is_software: Tristate = None
    contains_latex: Tristate = None
    needs_maintenance: Tristate = None

    @field_validator("basic_udi")
    @classmethod
    def _basic_udi(cls, value: str) -> str:
        if not value:
            return ""
        try:
            found = read_basic_udi(value)
        except NotABasicUdi:
            raise ValueError(
                lazy(
                    "This is no Basic UDI-DI: it has 8 to 25 Latin letters, digits and signs, the "
                    "last two of which are a check. Copy it from your agency's document."
                )
            ) from None
        if found.expected_check:
            raise ValueError(
                lazy("The last two signs should be %(check)s. Compare it with the document."),
                {"check": found.expected_check},
            )
        return found.value

    @field_validator("emdn_code", "emdn_pick")
    @classmethod
    def _code(cls, value: str) -> str:
        code = normal_code(tidy(value))
        if code and not is_node(code):
            raise ValueError(lazy("An EMDN code is a letter and up to 12 digits, such as Z120301."))
        return code

    @property
    def code(self) -> str:
        """Return the code picked from the list, or the typed one."""
        return self.emdn_pick or self.emdn_code

    def columns(self) -> dict[str, Any]:
        """Return what the page writes; whether the code is known is added by the page."""
        values = self.model_dump(include={"gmdn_term", "basic_udi", *FLAGS})
        return values | {"emdn_code": self.code, "risk_class": self.risk_class.value}


class OriginForm(Step):
    """Where it is made and how far its making has come."""

    origin: Origin
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | Literal[""] = ""
    maturity: Maturity = Maturity.UNKNOWN

    def columns(self) -> dict[str, Any]:
        """Return what the page writes: a device made in Morocco is of no other country."""
        country = {"morocco": "MA", "foreign": self.country}.get(self.origin.value, "")
        return {"origin": self.origin.value, "country": country, "maturity": self.maturity.value}


class RegistrationForm(Step):
    """Where the registration of law 84-12 stands, as declared."""

    registration: Registration
    registration_number: Annotated[str, StringConstraints(max_length=80)] = ""
    registration_issued_on: date | None = None
    registration_expires_on: date | None = None
    exhibition_authorisation: Annotated[str, StringConstraints(max_length=120)] = ""
    instruction_languages: Codes = Field(default_factory=list, max_length=len(LANGUAGES))

    @field_validator("instruction_languages")
    @classmethod
    def _known(cls, value: Sequence[str]) -> list[str]:
        if not set(value) <= set(LANGUAGES):
            raise ValueError(lazy("Choose one of the answers in the list."))
        return [code for code in LANGUAGES if code in value]

    @field_validator("registration_expires_on")
    @classmethod
    def _after(cls, value: date | None, info: Any) -> date | None:
        issued = info.data.get("registration_issued_on")
        if value and issued and value <= issued:
            raise ValueError(lazy("The certificate cannot expire before it was issued."))
        return value

    def columns(self) -> dict[str, Any]:
        """Return what the page writes."""
        return self.model_dump(exclude={"version", "registration"}) | {
            "registration": self.registration.value
        }


class PriceForm(Step):
    """A price indication; nothing binding."""

    price_min_centimes: Centimes | None = None
    price_max_centimes: Centimes | None = None
    currency: Literal["MAD", "EUR", "USD"] = "MAD"
    price_tax: Tax = Tax.EXCLUDED

    @field_validator("price_max_centimes")
    @classmethod
    def _not_below(cls, value: int | None, info: Any) -> int | None:
        lowest = info.data.get("price_min_centimes")
        if value is not None and lowest is not None and value < lowest:
            raise ValueError(lazy("The highest price is below the lowest one."))
        return value

    def columns(self) -> dict[str, Any]:
        """Return what the page writes."""
        return self.model_dump(exclude={"version", "price_tax"}) | {
            "price_tax": self.price_tax.value
        }


def _identifier(value: str, agency: Agency) -> str | None:
    """Return a typed identifier in its normal form."""
    if not value:
        return None
    try:
        return normal_di(value, agency)
    except ValueError:
        if agency is Agency.GS1:
            raise ValueError(
                lazy(
                    "This is not a GTIN: it has 8, 12, 13 or 14 digits and its last digit checks "
                    "the others. Compare it with the package."
                )
            ) from None
        raise ValueError(lazy("This does not look like an identifier of this agency.")) from None


class VariantForm(Step):
    """One thing that can be ordered, with up to two levels of packaging."""

    name: Line = ""
    reference: Short = ""
    sizes: Line = ""
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    agency: Agency = Agency.GS1
    udi_di: str = ""
    pack1_name: Annotated[str, StringConstraints(max_length=120)] = ""
    pack1_contains: int | None = Field(default=None, ge=1, le=1_000_000)
    pack1_udi_di: str = ""
    pack2_name: Annotated[str, StringConstraints(max_length=120)] = ""
    pack2_contains: int | None = Field(default=None, ge=1, le=1_000_000)
    pack2_udi_di: str = ""

    @field_validator("udi_di", "pack1_udi_di", "pack2_udi_di")
    @classmethod
    def _normal(cls, value: str, info: Any) -> str:
        return _identifier(value, info.data.get("agency", Agency.GS1)) or ""

    @field_validator("pack1_udi_di", "pack2_udi_di")
    @classmethod
    def _of_a_pack(cls, value: str, info: Any) -> str:
        level = str(info.field_name).partition("_")[0]
        if value and info.data.get(f"{level}_contains") is None:
            raise ValueError(lazy("Say how many this packaging contains."))
        return value

    @model_validator(mode="after")
    def _something(self) -> "VariantForm":
        if not (self.name or self.reference or self.udi_di):
            raise ValueError(lazy("Give the variant a name, a reference or a UDI-DI."))
        if self.pack2_contains and not self.pack1_contains:
            raise ValueError(lazy("Fill in the first packaging before the second one."))
        return self


class PhotoForm(Step):
    """What a photo shows, for those who do not see it."""

    alt_fr: Short = ""
    alt_ar: Short = ""
    alt_en: Short = ""


class PlaceForm(Step):
    """Which way a photo or variant is moved."""

    way: Literal["up", "down"]


class DocumentForm(Step):
    """What a document is."""

    kind: DocumentKind
    title: Short = ""
    language: str = ""
    is_public: bool = False

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in LANGUAGES:
            raise ValueError(lazy("Choose one of the answers in the list."))
        return value


class MoveForm(Step):
    """What is done with the record, and why."""

    move: Move
    reason: Annotated[str, StringConstraints(max_length=2000)] = ""


class ProfileForm(Step):
    """What an organisation tells about itself."""

    about_fr: Text = ""
    about_ar: Text = ""
    about_en: Text = ""
    contact_email: (
        Annotated[str, StringConstraints(max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
        | Literal[""]
    ) = ""
    founded_year: int | None = Field(default=None, ge=1800, le=2100)
    employees_band: str = ""
    iso_13485: Annotated[str, StringConstraints(max_length=120)] = ""
    export_countries: Annotated[list[str], BeforeValidator(_several)] = Field(
        default_factory=list, max_length=250
    )
    is_exporter: Tristate = None

    @field_validator("employees_band")
    @classmethod
    def _band(cls, value: str) -> str:
        if value and value not in EMPLOYEES:
            raise ValueError(lazy("Choose one of the answers in the list."))
        return value

    @field_validator("export_countries")
    @classmethod
    def _countries(cls, value: list[str]) -> list[str]:
        if any(code not in OFFERED for code in value):
            raise ValueError(lazy("Choose one of the answers in the list."))
        return sorted(set(value))

    @model_validator(mode="after")
    def _one_answer(self) -> "ProfileForm":
        if self.is_exporter is False and self.export_countries:
            raise ValueError(
                lazy("You say that you do not export, and name countries: correct one of them.")
            )
        return self
