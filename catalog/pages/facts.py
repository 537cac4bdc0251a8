"""A device in words: the same rows on its public page and on the page of answers to check."""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup, escape

from catalog import labels, proofs
from catalog.pages.places import country_name
from catalog.proofs import Proof
from catalog.queries.records import AttributeValue, Device, Variant
from catalog.rules.basic_udi import is_right
from catalog.rules.completeness import Step, marketable
from catalog.rules.emdn import calm
from catalog.states import DocumentKind, Maturity, RiskClass
from catalog.units import unit_words
from portal.web import i18n
from portal.web.i18n import gettext as _
from portal.web.i18n import language
from portal.web.templating import code

Row = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """The answers of one page of the record."""

    step: Step
    title: str
    rows: tuple[Row, ...]


def coded(value: str) -> str:
    """Return a code as its own island of text, or nothing."""
    return code(value) if value else ""


def basic_udi_words(value: str) -> str:
    """Return a Basic UDI-DI, and that nobody compared its check sign when that is so."""
    if not value or is_right(value):
        return coded(value)
    return Markup("{} ({})").format(code(value), _("check sign not compared"))


def in_english(text: str) -> str:
    """Return a text of a list that exists in English only, said to be English."""
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text) if text else ""


def codes(one: Variant) -> str:
    """Return what a variant is ordered and identified by."""
    reference = one.reference if one.name else ""  # without a name, the reference stands for it
    return Markup(" · ").join(code(value) for value in (reference, one.udi_di) if value)


def said(value: bool | None) -> str:
    """Return a yes-or-no answer in words; nothing when it was not said."""
    return "" if value is None else _("Yes") if value else _("No")


def term_words(one: Device) -> str:
    """Return the EMDN code with its name, marked when the code is unknown."""
    if not one.emdn_code:
        return ""
    words = Markup(" {}").format(_named(one)) if one.term else Markup("")
    doubt = "" if one.emdn_known else f" ({_('not in the list we have')})"
    return code(one.emdn_code) + words + escape(doubt)


def _named(one: Device) -> str | Markup:
    assert one.term is not None
    translated = {"fr": one.term.name_fr, "ar": one.term.name_ar, "en": one.term.name_en}
    if translated[language.get()]:
        return calm(translated[language.get()])
    # The full list exists in English only: it is said to be English.
    return in_english(one.term.name)


def class_words(one: Device) -> str:
    """Return the risk class in words; nothing when it is not given."""
    return "" if one.risk_class == RiskClass.UNKNOWN else _(labels.CLASSES[one.risk_class])


def origin_proof(one: Device) -> Proof:
    """Return where it is made, with how well that is supported."""
    return proofs.origin(one.origin, one.origin_level, country_name(one.country))


def registration_proof(one: Device, today: date) -> Proof:
    """Return where the registration stands, with how well that is supported."""
    return proofs.registration(
        one.registration,
        one.registration_expires_on,
        today,
        has_certificate=has_certificate(one),
    )


def has_certificate(one: Device) -> bool:
    """Say whether everybody can open a certificate of registration."""
    return any(
        document.kind == DocumentKind.REGISTRATION and document.is_public
        for document in one.documents
    )


def maturity_words(one: Device) -> str:
    """Return how far its production is; nothing when it is not given."""
    return "" if one.maturity == Maturity.UNKNOWN else _(labels.MATURITIES[one.maturity])


def price_words(one: Device) -> str:
    """Return the price indication with its tax basis; nothing when there is none."""
    low, high, tax = one.price_min_centimes, one.price_max_centimes, _(labels.TAXES[one.price_tax])
    if low is None and high is None:
        return ""
    if low is not None and high is not None and low != high:
        return _(
            "%(low)s to %(high)s, %(tax)s",
            low=i18n.money(low, one.currency),
            high=i18n.money(high, one.currency),
            tax=tax,
        )
    if high is None:
        assert low is not None
        return _("from %(low)s, %(tax)s", low=i18n.money(low, one.currency), tax=tax)
    if low is None:
        return _("up to %(high)s, %(tax)s", high=i18n.money(high, one.currency), tax=tax)
    return f"{i18n.money(low, one.currency)}, {tax}"


def attribute_words(value: AttributeValue) -> str:
    """Return the value of an attribute with its unit."""
    if value.number is not None:
        shown = f"{i18n.number(value.number)} {unit_words(value.unit)}".strip()
        return Markup('<bdi dir="auto">{}</bdi>').format(shown)
    if value.flag is not None:
        return said(value.flag)
    return value.words


def day(value: date | None) -> str:
    """Return a day in words, or nothing."""
    return i18n.day(value) if value else ""


def names_rows(one: Device) -> list[Row]:
    """Return what it is called."""
    return [
        (_("Name in French"), one.name_fr),
        (_("Name in Arabic"), one.name_ar),
        (_("Name in English"), one.name_en),
        (_("Brand"), one.brand),
        (_("Catalogue reference"), coded(one.reference)),
        (_("Manufacturer"), one.maker),
    ]


def purpose_rows(one: Device) -> list[Row]:
    """Return what it is and what it is for, in the languages it was said in."""
    rows = [
        (_("In one sentence, in French"), one.summary_fr),
        (_("In one sentence, in Arabic"), one.summary_ar),
        (_("In one sentence, in English"), one.summary_en),
        (_("Intended purpose in French"), one.purpose_fr),
        (_("Intended purpose in Arabic"), one.purpose_ar),
        (_("Intended purpose in English"), one.purpose_en),
    ]
    return [row for row in rows if row[1]] or rows[:1]


def classification_rows(one: Device) -> list[Row]:
    """Return where it stands in the nomenclature and how risky it is."""
    return [
        (_("Nomenclature (EMDN)"), term_words(one)),
        (_("GMDN term"), in_english(one.gmdn_term)),
        (_("Risk class"), class_words(one)),
        (_("Basic UDI-DI"), basic_udi_words(one.basic_udi)),
        *[(_(labels.FLAGS[name]), said(value)) for name, value in one.flags.items()],
    ]


def origin_rows(one: Device) -> list[Row]:
    """Return where it is made."""
    return [(_("Origin"), origin_proof(one).words), (_("Production"), maturity_words(one))]


def registration_rows(one: Device) -> list[Row]:
    """Return where its registration stands."""
    languages = [_(labels.LANGUAGES[one]) for one in one.instruction_languages]
    return [
        (_("Registration"), registration_proof(one, today_here()).words),
        (_("Number of the certificate"), coded(one.registration_number)),
        (_("Issued on"), day(one.registration_issued_on)),
        (_("Expires on"), day(one.registration_expires_on)),
        (_("Authorisation to show it at fairs"), one.exhibition_authorisation),
        (_("Instructions for use in"), i18n_list(languages)),
    ]


def i18n_list(words: list[str]) -> str:
    """Join words as a list of this language."""
    return ("، " if language.get() == "ar" else ", ").join(words)


def sections(one: Device) -> list[Section]:
    """Return every answer of a record by page, for the person who checks them."""
    variants = [
        (variant.name or variant.reference or "—", codes(variant)) for variant in one.variants
    ]
    files = [
        (document.title or _(labels.DOCUMENT_KINDS[document.kind]),
         _(labels.DOCUMENT_KINDS[document.kind]))
        for document in one.documents
    ]  # fmt: skip
    rows: dict[Step, list[Row]] = {
        Step.NAMES: names_rows(one),
        Step.PURPOSE: purpose_rows(one),
        Step.CLASSIFICATION: classification_rows(one),
        Step.VARIANTS: variants,
        Step.ATTRIBUTES: [(value.label, attribute_words(value)) for value in one.attributes],
        Step.ORIGIN: origin_rows(one),
        Step.REGISTRATION: registration_rows(one),
        Step.PRICE: [(_("Price indication"), price_words(one))],
        Step.FILES: [(_("Photos"), i18n.number(len(one.photos))), *files],
    }
    return [Section(step, _(labels.STEPS[step]), tuple(found)) for step, found in rows.items()]


def today_here() -> date:
    """Return the day it is in Morocco."""
    return datetime.now(i18n.CASABLANCA).date()


def is_marketable(one: Device, today: date) -> bool:
    """Say whether what is declared lets it be marketed today."""
    return marketable(one.registration, one.registration_expires_on, today)


def in_words(name: str, value: object) -> str:
    """Return the value of a column as a person reads it."""
    if isinstance(value, bool):
        return said(value)
    if isinstance(value, tuple):
        return i18n_list([_(labels.LANGUAGES.get(str(one), str(one))) for one in value])
    if name.endswith("_centimes") and isinstance(value, int):
        return i18n.money(value)
    if isinstance(value, date):
        return day(value)
    words = labels.WORDS.get(name, {}).get(str(value))
    return _(words) if words else str(value or "")
