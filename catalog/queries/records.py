"""What the catalogue answers with: a device with all it contains, as pages and programs read it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from catalog.rules.emdn import calm
from catalog.rules.names import handle
from catalog.states import PUBLIC_STATES, DeviceState
from portal.accounts.naming import in_language
from portal.web.i18n import language


def first_said(fr: str, ar: str, en: str) -> str:
    """Return the text in the language of the reader, or in any language there is."""
    return in_language(fr, ar, en) or en or ar


def other_language(fr: str, ar: str, en: str) -> str:
    """Return the language ``first_said`` answers in when it is not the reader's, for ``lang``."""
    texts = {"fr": fr, "ar": ar, "en": en}
    said = first_said(fr, ar, en)
    if not said or texts[language.get()] == said:
        return ""
    return next(code for code, text in texts.items() if text == said)


@dataclass(frozen=True)
class Supplier:
    """The organisation that offers a device, as far as everybody may know it."""

    id: UUID
    name_fr: str
    name_ar: str
    name_en: str
    kind: str
    state: str
    fictional: bool
    hidden: bool = False  # suspended: nothing of it is public
    region: str | None = None
    logo: UUID | None = None
    region_fr: str = ""
    region_ar: str = ""

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.name_fr, self.name_ar, self.name_en)

    @property
    def region_name(self) -> str:
        """Return the region in the language of the reader."""
        return in_language(self.region_fr, self.region_ar)


@dataclass(frozen=True)
class Term:
    """One code of the nomenclature with its names."""

    code: str
    name_fr: str = ""
    name_ar: str = ""
    name_en: str = ""
    terminal: bool = False
    level: int = 1
    parent: str = ""

    @property
    def name(self) -> str:
        """Return the name in the language of the reader, or in English (the full list)."""
        return calm(first_said(self.name_fr, self.name_ar, self.name_en))


@dataclass(frozen=True)
class Pack:
    """One packaging of a variant."""

    id: UUID
    level: int
    name: str
    contains: int
    udi_di: str | None
    agency: str


@dataclass(frozen=True)
class Variant:
    """One thing that can be ordered."""

    id: UUID
    name: str
    reference: str
    udi_di: str | None
    agency: str
    sizes: str
    quantity: int
    position: int = 0
    packs: tuple[Pack, ...] = ()


@dataclass(frozen=True)
class AttributeValue:
    """The value of one attribute beside its definition."""

    key: str
    label_fr: str
    label_ar: str
    label_en: str
    kind: str
    unit: str
    number: float | None
    text: str
    flag: bool | None
    typed: str
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the name of the attribute in the language of the reader."""
        return first_said(self.label_fr, self.label_ar, self.label_en) or self.key

    @property
    def words(self) -> str:
        """Return a text value, or the label of the chosen value."""
        labels = self.choices.get(self.text)
        if labels is None:
            return self.text
        found = first_said(labels.get("fr", ""), labels.get("ar", ""), labels.get("en", ""))
        return found or self.text


@dataclass(frozen=True)
class DocumentRow:
    """A file about a device."""

    id: UUID
    document_id: UUID
    kind: str
    title: str
    language: str
    is_public: bool


@dataclass(frozen=True)
class Photo:
    """A picture of a device."""

    id: UUID
    document_id: UUID
    alt_fr: str
    alt_ar: str
    alt_en: str

    @property
    def alt(self) -> str:
        """Return the description in the language of the reader."""
        return first_said(self.alt_fr, self.alt_ar, self.alt_en)

    @property
    def alt_language(self) -> str:
        """Return the language of the description when it is not the reader's."""
        return other_language(self.alt_fr, self.alt_ar, self.alt_en)


@dataclass(frozen=True)
class Device:
    """A device record; the names of the fields are those of the table."""

    id: UUID
    number: int
    organisation_id: UUID | None
    manufacturer_name: str
    name_fr: str
    name_ar: str
    name_en: str
    summary_fr: str
    summary_ar: str
    summary_en: str
    purpose_fr: str
    purpose_ar: str
    purpose_en: str
    brand: str
    reference: str
    emdn_code: str
    emdn_known: bool
    gmdn_term: str
    risk_class: str
    basic_udi: str
    is_sterile: bool | None
    is_single_use: bool | None
    is_implantable: bool | None
    is_active: bool | None
    is_measuring: bool | None
    is_software: bool | None
    contains_latex: bool | None
    needs_maintenance: bool | None
    origin: str
    origin_level: str
    country: str
    maturity: str
    registration: str
    registration_number: str
    registration_issued_on: date | None
    registration_expires_on: date | None
    exhibition_authorisation: str
    instruction_languages: tuple[str, ...]
    price_min_centimes: int | None
    price_max_centimes: int | None
    currency: str
    price_tax: str
    state: DeviceState
    state_reason: str
    is_reference: bool
    source: str
    source_key: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    published_at: datetime | None
    supplier: Supplier | None = None
    term: Term | None = None
    variants: tuple[Variant, ...] = ()
    attributes: tuple[AttributeValue, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    photos: tuple[Photo, ...] = ()

    @property
    def name(self) -> str:
        """Return the name in the language of the reader."""
        return first_said(self.name_fr, self.name_ar, self.name_en)

    @property
    def name_language(self) -> str:
        """Return the language of the name when it is not the reader's."""
        return other_language(self.name_fr, self.name_ar, self.name_en)

    @property
    def summary_language(self) -> str:
        """Return the language of the summary when it is not the reader's."""
        return other_language(self.summary_fr, self.summary_ar, self.summary_en)

    @property
    def purpose_language(self) -> str:
        """Return the language of the intended purpose when it is not the reader's."""
        return other_language(self.purpose_fr, self.purpose_ar, self.purpose_en)

    @property
    def summary(self) -> str:
        """Return what it is in one sentence, in the language of the reader."""
        return first_said(self.summary_fr, self.summary_ar, self.summary_en)

    @property
    def purpose(self) -> str:
        """Return the intended purpose in the language of the reader."""
        return first_said(self.purpose_fr, self.purpose_ar, self.purpose_en)

    @property
    def handle(self) -> str:
        """Return its part of the address: the same in every language."""
        return handle(self.number, self.name_fr, self.name_en, self.reference)

    @property
    def maker(self) -> str:
        """Return who makes it."""
        return self.manufacturer_name or (self.supplier.name if self.supplier else "")

    @property
    def is_public(self) -> bool:
        """Say whether everybody may see it."""
        return self.state in PUBLIC_STATES and not self.is_withheld

    @property
    def is_deletable(self) -> bool:
        """Say whether its organisation may delete it: nobody outside has ever seen it."""
        return self.state is DeviceState.DRAFT and self.published_at is None

    @property
    def is_withheld(self) -> bool:
        """Say whether it would be public, if its organisation were not suspended."""
        return self.state in PUBLIC_STATES and self.supplier is not None and self.supplier.hidden

    @property
    def fictional(self) -> bool:
        """Say whether it belongs to a fictional organisation of the demonstration."""
        return self.supplier is not None and self.supplier.fictional

    @property
    def flags(self) -> dict[str, bool | None]:
        """Return the yes-or-no properties; ``None`` is « not said »."""
        return {name: getattr(self, name) for name in FLAGS}


FLAGS = (
    "is_sterile",
    "is_single_use",
    "is_implantable",
    "is_active",
    "is_measuring",
    "is_software",
    "contains_latex",
    "needs_maintenance",
)
