"""The columns of a manufacturer's file: headings in three languages, and what a cell may hold."""

# ruff: noqa: E501 — one column of the file is one line here.

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from catalog import labels
from catalog.importers.headings import folded
from catalog.importers.reasons import Reason, Refused
from catalog.states import Maturity, Origin, Registration, RiskClass, Tax
from portal.settings import LANGUAGES
from portal.web.i18n import translations


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    FLAG = "flag"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    LANGUAGES = "languages"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One column; ``headings`` are French, Arabic, English, and the first row of the template."""

    field: str
    headings: tuple[str, str, str]
    kind: Kind = Kind.TEXT
    longest: int = 300
    choices: type[StrEnum] | None = None
    of_variant: bool = False
    example: str = ""


COLUMNS: tuple[Column, ...] = (
    Column("reference", ("Référence du dispositif", "مرجع المستلزم", "Device reference"), longest=200, example="POMPE-P1"),
    Column("name_fr", ("Nom en français", "الاسم بالفرنسية", "Name in French"), example="Pompe à perfusion P1"),
    Column("name_ar", ("Nom en arabe", "الاسم بالعربية", "Name in Arabic"), example="مضخة تسريب P1"),
    Column("name_en", ("Nom en anglais", "الاسم بالإنجليزية", "Name in English"), example="P1 infusion pump"),
    Column("brand", ("Marque", "العلامة التجارية", "Brand")),
    Column("summary_fr", ("Résumé en français", "ملخص بالفرنسية", "Summary in French"), longest=2000),
    Column("summary_ar", ("Résumé en arabe", "ملخص بالعربية", "Summary in Arabic"), longest=2000),
    Column("summary_en", ("Résumé en anglais", "ملخص بالإنجليزية", "Summary in English"), longest=2000),
    Column("purpose_fr", ("Destination en français", "الغرض بالفرنسية", "Intended purpose in French"), longest=4000),
    Column("purpose_ar", ("Destination en arabe", "الغرض بالعربية", "Intended purpose in Arabic"), longest=4000),
    Column("purpose_en", ("Destination en anglais", "الغرض بالإنجليزية", "Intended purpose in English"), longest=4000),
    Column("emdn_code", ("Code EMDN", "رمز EMDN", "EMDN code"), longest=20, example="Z12030301"),
    Column("gmdn_term", ("Terme GMDN", "مصطلح GMDN", "GMDN term"), longest=500),
    Column("risk_class", ("Classe de risque", "فئة الخطورة", "Risk class"), Kind.CHOICE, choices=RiskClass, example="IIb"),
    Column("basic_udi", ("IUD-ID de base", "معرف UDI-DI الأساسي", "Basic UDI-DI"), longest=25),
    Column("is_sterile", ("Stérile", "معقم", "Sterile"), Kind.FLAG, example="non"),
    Column("is_single_use", ("Usage unique", "استعمال وحيد", "Single use"), Kind.FLAG, example="non"),
    Column("is_implantable", ("Implantable", "قابل للزرع", "Is implantable"), Kind.FLAG, example="non"),
    Column("is_active", ("Actif", "نشط", "Active"), Kind.FLAG, example="oui"),
    Column("is_measuring", ("Fonction de mesure", "وظيفة القياس", "Measuring function"), Kind.FLAG),
    Column("is_software", ("Logiciel", "برنامج", "Software"), Kind.FLAG),
    Column("contains_latex", ("Contient du latex", "يحتوي على اللاتكس", "Contains latex"), Kind.FLAG),
    Column("needs_maintenance", ("Maintenance nécessaire", "يتطلب الصيانة", "Needs maintenance"), Kind.FLAG),
    Column("origin", ("Origine", "المنشأ", "Origin"), Kind.CHOICE, choices=Origin, example="morocco"),
    Column("country", ("Pays de fabrication", "بلد الصنع", "Country of manufacture"), longest=2, example="MA"),
    Column("maturity", ("Maturité", "مرحلة النضج", "Maturity"), Kind.CHOICE, choices=Maturity, example="series"),
    Column("registration", ("Enregistrement", "التسجيل", "Registration"), Kind.CHOICE, choices=Registration, example="in_progress"),
    Column("registration_number", ("Numéro d'enregistrement", "رقم التسجيل", "Registration number"), longest=80),
    Column("registration_issued_on", ("Enregistré le", "تاريخ التسجيل", "Registered on"), Kind.DATE),
    Column("registration_expires_on", ("Enregistrement valable jusqu'au", "صلاحية التسجيل إلى غاية", "Registration valid until"), Kind.DATE),
    Column("instruction_languages", ("Langues de la notice", "لغات دليل الاستعمال", "Languages of the instructions"), Kind.LANGUAGES, example="fr, ar"),
    Column("price_min_centimes", ("Prix indicatif minimal", "السعر الاسترشادي الأدنى", "Lowest indicative price"), Kind.MONEY, example="9800"),
    Column("price_max_centimes", ("Prix indicatif maximal", "السعر الاسترشادي الأقصى", "Highest indicative price"), Kind.MONEY, example="12400"),
    Column("price_tax", ("Taxe", "الضريبة", "Tax"), Kind.CHOICE, choices=Tax, example="excl_tax"),
    Column("variant_reference", ("Référence de la variante", "مرجع الصنف", "Variant reference"), longest=200, of_variant=True, example="POMPE-P1-STD"),
    Column("variant_name", ("Nom de la variante", "اسم الصنف", "Variant name"), of_variant=True, example="Standard"),
    Column("udi_di", ("IUD-ID (GTIN)", "معرف المستلزم (GTIN)", "UDI-DI (GTIN)"), longest=50, of_variant=True),
    Column("sizes", ("Dimensions", "الأبعاد", "Sizes"), longest=1000, of_variant=True),
    Column("quantity", ("Quantité par unité", "الكمية في الوحدة", "Quantity per unit"), Kind.NUMBER, of_variant=True, example="1"),
)  # fmt: skip
BY_FIELD = {column.field: column for column in COLUMNS}
OTHER_NAMES = {
    "reference": ("référence", "ref", "المرجع", "مرجع الجهاز"),
    "udi_di": ("gtin", "IUD-ID", "udi-di", "UDI", "معرف الجهاز (GTIN)"),
    "name_fr": ("nom",),
    "name_ar": ("الاسم",),
    "name_en": ("name",),
    "price_min_centimes": ("prix min", "price min"),
    "price_max_centimes": ("prix max", "price max"),
    "emdn_code": ("EMDN",),
}
# The column in which refused rows come back with the reason; it is passed over when read again.
REASON_FIELD = "reason_for_refusal"
REASON = {"fr": "Motif du refus", "ar": "سبب الرفض", "en": "Reason for the refusal"}
KNOWN = {
    **{one.field: (*one.headings, *OTHER_NAMES.get(one.field, ())) for one in COLUMNS},
    REASON_FIELD: tuple(REASON.values()),
}
WORDS: dict[type[StrEnum], dict[str, str]] = {
    RiskClass: labels.CLASSES,
    Origin: labels.ORIGINS,
    Maturity: labels.MATURITIES,
    Registration: labels.REGISTRATIONS,
    Tax: labels.TAXES,
}


@cache
def _values(choices: type[StrEnum]) -> dict[str, str]:
    """Return every way a value may be written: its code, and its label in each language."""
    ways: dict[str, str] = {}
    for one in choices:
        label = WORDS[choices].get(one, "")
        for code in LANGUAGES:
            if label:
                ways.setdefault(folded(translations(code).gettext(label)), one.value)
        ways.setdefault(folded(label), one.value)
    # The codes come last: no label of another value may stand for one.
    ways |= {folded(one.value): one.value for one in choices}
    ways.pop("", None)
    return ways


def choice(column: Column, words: str) -> str:
    """Return the value a cell means, "" for an empty one.

    Raises:
        Refused: it is none of those allowed.
    """
    if not words:
        return ""
    assert column.choices is not None
    ways = _values(column.choices)
    plain = folded(words)
    found = ways.get(plain) or ways.get(plain.removeprefix("classe").removeprefix("class"))
    if found is None:
        raise Refused(Reason.UNKNOWN_VALUE, column.field, words)
    return found


def heading(column: Column, language: str) -> str:
    """Return the heading of a column in one language."""
    return column.headings[LANGUAGES.index(language)]


def names(language: str) -> dict[str, str]:
    """Return what each field is called in one language, also under its other names."""
    called = {column.field: heading(column, language) for column in COLUMNS}
    variant = {"reference": "variant_reference", "name": "variant_name"}
    for field in ("reference", "name", "udi_di", "sizes", "quantity"):
        called[f"variant.{field}"] = called[variant.get(field, field)]
    return called | {"emdn": called["emdn_code"]}
