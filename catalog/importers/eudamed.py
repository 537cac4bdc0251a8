"""EUDAMED, the register of the European Union: its devices as CSV and as JSON of its public API.

Source: EUDAMED public data, European Commission (Decision 2011/833/EU). The API answers
``{"content": […]}`` with reference values like ``refdata.risk-class.class-iia``.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from catalog.importers import cleaning
from catalog.importers.documents import json_records
from catalog.importers.opening import Part
from catalog.importers.reasons import Reason, Refusal, Refused
from catalog.importers.records import ReferenceDevice, Variant, guarded
from catalog.importers.tabular import Cells, table
from catalog.states import Agency, RiskClass, Source

# Our field → the headings of tables and the keys of JSON that mean it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "udi_di": ("primaryDi", "primary_di", "udi-di", "gtin", "primaryDiCode"),
    "basic_udi": ("basicUdi", "basic_udi_di", "basicUdiDi"),
    "agency": ("issuingAgency", "issuing_agency"),
    "is_gtin": ("id_agency_is_gtin14",),
    "emdn": ("emdn_code", "nomenclatureCode", "cndCode", "emdnCode"),
    "risk_class": ("riskClass",),
    "regulation": ("applicableLegislation", "legislation"),
    "maker": ("manufacturer", "manufacturerName", "mfName"),
    "srn": ("manufacturer_srn", "manufacturerSrn", "mfSrn"),
    "reference": ("catalogue_no", "catalog_no", "referenceNumber"),
    "model": ("deviceModel",),
    "name": ("trade_name", "tradeName"),
    "device_name": ("deviceName",),
    "language": ("trade_name_lang", "tradeNameLanguage"),
    "single_use": ("singleUse",),
    "sterile": (),
    "implantable": (),
    "latex": (),
    "measuring": ("measuringFunction",),
    "active": (),
}
CLASSES = {
    "i": RiskClass.I, "is": RiskClass.IS, "im": RiskClass.IM, "isterile": RiskClass.IS,
    "imeasuringfunction": RiskClass.IM, "imeasuring": RiskClass.IM, "iia": RiskClass.IIA,
    "iib": RiskClass.IIB, "iii": RiskClass.III, "a": RiskClass.IVD_A, "b": RiskClass.IVD_B,
    "c": RiskClass.IVD_C, "d": RiskClass.IVD_D,
}  # fmt: skip
FLAGS = {
    "is_sterile": ("sterile", {"STERILISED": True, "STERILE": True, "NOT_STERILISED": False}),
    "is_single_use": (
        "single_use",
        {"SINGLE_USE": True, "REUSABLE": False, "LIMITED_REUSABLE": False},
    ),
    "is_implantable": ("implantable", {}),
    "contains_latex": ("latex", {}),
    "is_measuring": ("measuring", {}),
    "is_active": ("active", {}),
}  # fmt: skip
KEYS = {name: field for field, names in COLUMNS.items() for name in (field, *names)}


def read(part: Part) -> Iterator[tuple[int, ReferenceDevice] | Refusal]:
    """Yield the devices of one file."""
    if part.suffix in (".json", ".ndjson", ".jsonl"):
        yield from _from_json(part)
        return
    for row in table(part, COLUMNS, required=("udi_di", "maker")):
        if isinstance(row, Refusal):
            yield row
        else:
            key = str(row.cells[row.places["udi_di"]])[:60]
            yield guarded(row.line, key, partial(_of_row, row))


def _of_row(row: Cells) -> ReferenceDevice:
    return device({field: row[field] for field in row.places})


def _from_json(part: Part) -> Iterator[tuple[int, ReferenceDevice] | Refusal]:
    for found in json_records(part.stream, part.name):
        if isinstance(found, Refusal):
            yield found
            continue
        line, record = found
        fields = {KEYS[key]: _plain(value) for key, value in record.items() if key in KEYS}
        yield guarded(line, str(fields.get("udi_di") or "")[:60], partial(device, fields))


def _plain(value: Any) -> object:
    """Return the text of a value of the API: a code, or its English (else first) wording."""
    if not isinstance(value, dict):
        return value
    if "texts" in value:
        texts = [one for one in value["texts"] or [] if isinstance(one, dict)]
        return texts[0].get("text") if texts else ""
    code = value.get("code", value.get("primaryDi"))
    return code if isinstance(code, str) else ""


def device(fields: Mapping[str, object]) -> ReferenceDevice:
    """Return the device of one row.

    Raises:
        Refused: nothing finds it again, it has no name or maker, or its GTIN does not check.
    """
    reference = cleaning.text(fields.get("reference"), 200)
    code, agency = _identifier(fields)
    key = code or _made_key(cleaning.text(fields.get("srn"), 40), reference)
    maker = cleaning.text(fields.get("maker"), 300)
    if not maker:
        raise Refused(Reason.MAKER_MISSING, "manufacturer")
    model = cleaning.text(fields.get("model"), 200)
    language, name = _name(fields, model or reference)
    return ReferenceDevice(
        source=Source.EUDAMED,
        key=key,
        maker=maker,
        names={language: name},
        brand=model,
        reference=reference,
        emdn=cleaning.emdn_as_given(fields.get("emdn")),
        risk_class=_risk_class(cleaning.text(fields.get("risk_class"), 80)),
        basic_udi=_basic_udi(fields),
        country=_country(cleaning.text(fields.get("srn"), 40)),
        flags=_flags(fields),
        variants=(Variant(code, agency, reference=reference),),
    )


def _made_key(srn: str, reference: str) -> str:
    """Return what a device without an identifier goes by: its maker's number and reference.

    Raises:
        Refused: one of them is missing, or both are too long together.
    """
    if not (srn and reference):
        raise Refused(Reason.NOTHING_TO_FIND, "udi_di")
    return cleaning.key(f"{srn.upper().replace(' ', '')}/{reference}", "reference", 120)


def _identifier(fields: Mapping[str, object]) -> tuple[str, Agency]:
    """Return the UDI-DI, "" when the row has none, and who issued it."""
    if not cleaning.text(fields.get("udi_di"), 60):
        return "", Agency.NONE
    code = cleaning.key(fields.get("udi_di"), "udi_di", 50).replace(" ", "")
    said = cleaning.text(fields.get("agency"), 60).upper().rpartition(".")[2]
    agency = next((one for one in Agency if one.upper() == said), None)
    other = cleaning.yes_no(cleaning.text(fields.get("is_gtin"), 10)) is False
    if agency not in (None, Agency.GS1) or other:
        return code, agency or Agency.NONE
    said_gtin = agency is Agency.GS1 or cleaning.text(fields.get("is_gtin"), 10)
    if said_gtin or code.isdecimal() or cleaning.is_rounded(code):
        return cleaning.gtin(code, "udi_di"), Agency.GS1
    return code, Agency.HIBCC if code.startswith("+") else Agency.NONE


def _name(fields: Mapping[str, object], otherwise: str) -> tuple[str, str]:
    """Return the name and the one of our languages it is kept under.

    A trade name in a fourth language is a proper name: it is kept as it is, under English.
    """
    name = cleaning.text(fields.get("name"), 300) or cleaning.text(fields.get("device_name"), 300)
    language = cleaning.text(fields.get("language"), 5).lower()
    if not (name or otherwise):
        raise Refused(Reason.NAME_MISSING, "trade_name")
    return (language if language in ("fr", "ar") and name else "en"), name or otherwise


def _risk_class(said: str) -> RiskClass:
    """Read "EU_CLASS_IIA", "refdata.risk-class.class-iia" or "Class IIa"."""
    words = said.lower().rpartition(".")[2].replace("_", "-").replace(" ", "-")
    return CLASSES.get(words.rpartition("class-")[2].replace("-", ""), RiskClass.UNKNOWN)


def _basic_udi(fields: Mapping[str, object]) -> str:
    code = cleaning.text(fields.get("basic_udi"), 60)
    return code if len(code) <= 25 else ""


def _country(srn: str) -> str:
    """Return the country a maker's registration number begins with ("DE-MF-000006287")."""
    code = srn[:2].upper()
    return code if srn[2:3] == "-" and code.isascii() and code.isalpha() else ""


def _flags(fields: Mapping[str, object]) -> dict[str, bool | None]:
    flags: dict[str, bool | None] = {}
    for flag, (field, words) in FLAGS.items():
        value = fields.get(field)
        said = cleaning.text(value, 40).upper() if not isinstance(value, bool) else value
        known = said if isinstance(said, bool) else words.get(said, cleaning.yes_no(said))
        if known is not None:
            flags[flag] = known
    return flags
