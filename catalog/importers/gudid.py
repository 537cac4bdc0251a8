"""GUDID, the register of the FDA: its releases (XML, delimited), its records as JSON (openFDA too).

Source: AccessGUDID release files and ``gudid.xsd``; the data are in the public domain. GMDN terms
are shown as text and never offered as a list of codes. Of a delimited release ``device.txt`` is
read: its columns are called like the elements of the XML, after ``PrimaryDI``; boxes, sizes and
terms stand in other files, so the XML says more.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from catalog.importers import cleaning
from catalog.importers.documents import Found, json_records, xml_records
from catalog.importers.opening import Part
from catalog.importers.reasons import Reason, Refusal, Refused
from catalog.importers.records import Pack, ReferenceDevice, Variant, guarded
from catalog.importers.tabular import Cells, table
from catalog.rules.identifiers import agency_of
from catalog.states import Agency, Source

AGENCIES = {
    "GS1": Agency.GS1, "HIBCC": Agency.HIBCC, "ICCBBA": Agency.ICCBBA, "IFA": Agency.IFA,
}  # fmt: skip
UNITS = {
    "Millimeter": "mm", "Centimeter": "cm", "Meter": "m", "Micrometer": "µm", "Inch": "in",
    "Feet": "ft", "French": "Fr", "Gauge": "G", "degree": "°", "Milliliter": "mL", "Liter": "L",
    "Gram": "g", "Kilogram": "kg", "Square meter": "m²", "Square centimeter": "cm²",
    "Cubic centimeter": "cm³", "Millimeter Mercury": "mmHg",
}  # fmt: skip
# The columns of ``device.txt`` that say something here, and the files that stand beside it.
TABLE: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "PrimaryDI", "brandName", "versionModelNumber", "catalogNumber", "companyName",
        "deviceCount", "deviceDescription", "singleUse", "labeledContainsNRL", "deviceSterile",
    ),
    (),
)  # fmt: skip
COMPANIONS = {
    "contacts.txt", "devicesizes.txt", "environmentalconditions.txt", "gmdnterms.txt",
    "identifiers.txt", "premarketsubmissions.txt", "productcodes.txt",
    "sterilizationmethodtypes.txt",
}  # fmt: skip
FLAGS = {
    "is_single_use": "singleUse",
    "contains_latex": "labeledContainsNRL",
}


def read(part: Part) -> Iterator[tuple[int, ReferenceDevice] | Refusal]:
    """Yield the devices of one file of a release."""
    if part.suffix in (".txt", ".csv"):
        yield from _from_table(part)
        return
    for found in _records(part):
        if isinstance(found, Refusal):
            yield found
            continue
        line, record = found
        record = _unwrapped(record)
        key = str(record.get("udiDi") or record.get("publicDeviceRecordKey") or "")[:60]
        yield guarded(line, key, partial(device, record))


def _from_table(part: Part) -> Iterator[tuple[int, ReferenceDevice] | Refusal]:
    if PurePosixPath(part.name.lower()).name in COMPANIONS:
        return
    for row in table(part, TABLE, required=("PrimaryDI", "companyName")):
        if isinstance(row, Refusal):
            yield row
        else:
            key = str(row.cells[row.places["PrimaryDI"]])[:60]
            yield guarded(row.line, key, partial(_of_row, row))


def _of_row(row: Cells) -> ReferenceDevice:
    record: dict[str, Any] = {field: row.words(field) for field in row.places}
    code = record.pop("PrimaryDI")
    # Who issued it stands in another file of the release; the form of the code says it as well.
    digits = code.isascii() and code.isdigit()
    agency = "GS1" if digits else agency_of(code).upper()
    record["identifiers"] = [
        {"deviceId": code, "deviceIdType": "Primary", "deviceIdIssuingAgency": agency}
    ]
    record["sterilization"] = {"deviceSterile": record.pop("deviceSterile", "")}
    return device(record)


def _records(part: Part) -> Iterator[Found | Refusal]:
    if part.suffix == ".xml":
        return xml_records(part.stream, part.name, "device")
    return json_records(part.stream, part.name)


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """Return the device inside an AccessGUDID answer, or the record itself."""
    inner = record.get("gudid", record)
    inner = inner.get("device", inner) if isinstance(inner, dict) else record
    return inner if isinstance(inner, dict) else record


def device(record: dict[str, Any]) -> ReferenceDevice:
    """Return the device of one GUDID record.

    Raises:
        Refused: it has no primary identifier, no name or no company.
    """
    identifiers = _identifiers(record)
    primary = next((one for one in identifiers if one["deviceIdType"] == "Primary"), None)
    if primary is None:
        raise Refused(Reason.KEY_MISSING, "deviceId")
    key, agency = _identifier(primary)
    maker = cleaning.text(record.get("companyName"), 300)
    if not maker:
        raise Refused(Reason.MAKER_MISSING, "companyName")
    brand = cleaning.text(record.get("brandName"), 300)
    model = cleaning.text(record.get("versionModelNumber"), 200)
    reference = cleaning.text(record.get("catalogNumber"), 200) or model
    gmdn = _gmdn(record)
    summary = cleaning.text(record.get("deviceDescription"), 4000)
    name = _name(brand, model, gmdn, summary)
    return ReferenceDevice(
        source=Source.GUDID,
        key=key,
        maker=maker,
        names={"en": name},
        summary_en=summary,
        brand=brand,
        reference=reference,
        gmdn=gmdn,
        flags=_flags(record),
        variants=_variants(record, identifiers, (key, agency), reference),
    )


def _identifiers(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the identifiers, whichever of the four shapes they come in."""
    value = record.get("identifiers")
    if isinstance(value, dict):
        value = value.get("identifier")
    found = [one for one in _list(value) if isinstance(one, dict)]
    if found:
        # openFDA calls the same things id, type and issuing_agency.
        return [
            {
                "deviceId": one.get("deviceId") or one.get("id"),
                "deviceIdType": one.get("deviceIdType") or one.get("type") or "Primary",
                "deviceIdIssuingAgency": one.get("deviceIdIssuingAgency")
                or one.get("issuing_agency"),
                "containsDINumber": one.get("containsDINumber"),
                "pkgQuantity": one.get("pkgQuantity") or one.get("quantity_per_package"),
                "pkgType": one.get("pkgType") or one.get("package_type"),
            }
            for one in found
        ]
    udi = record.get("udiDi")
    return [{"deviceId": udi, "deviceIdType": "Primary"}] if udi else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _identifier(one: dict[str, Any]) -> tuple[str, Agency]:
    """Return an identifier and who issued it; a GTIN that does not check is refused."""
    code = cleaning.key(one["deviceId"], "deviceId", 50).replace(" ", "")
    agency = AGENCIES.get(cleaning.text(one.get("deviceIdIssuingAgency")).upper(), Agency.NONE)
    if agency is Agency.GS1:
        return cleaning.gtin(code, "deviceId"), agency
    return code, agency


def _other(one: dict[str, Any]) -> tuple[str, Agency]:
    """Return an identifier besides the primary one; a wrong one is left out, the device stays."""
    try:
        return _identifier(one)
    except Refused:
        return "", Agency.NONE


def _gmdn(record: dict[str, Any]) -> str:
    terms = record.get("gmdnTerms") or record.get("gmdn_terms")
    if isinstance(terms, dict):
        terms = terms.get("gmdn")
    named = [one for one in _list(terms) if isinstance(one, dict)]
    return "; ".join(
        filter(
            None, (cleaning.text(one.get("gmdnPTName") or one.get("name"), 500) for one in named)
        )
    )[:2000]


def _name(brand: str, model: str, gmdn: str, summary: str) -> str:
    """Return what to call the device: brand and model, for a brand alone names a whole range."""
    parts = [brand or gmdn or summary[:120]]
    if model and model.lower() not in parts[0].lower():
        parts.append(model)
    name = " ".join(part for part in parts if part)
    if not name:
        raise Refused(Reason.NAME_MISSING, "brandName")
    return cleaning.text(name, 300)


def _flags(record: dict[str, Any]) -> dict[str, bool | None]:
    flags = {flag: _yes_no(record.get(field)) for flag, field in FLAGS.items()}
    sterilization = record.get("sterilization")
    if isinstance(sterilization, dict):
        flags["is_sterile"] = _yes_no(sterilization.get("deviceSterile"))
    return {flag: value for flag, value in flags.items() if value is not None}


def _yes_no(value: Any) -> bool | None:
    return cleaning.yes_no(value) if isinstance(value, str | bool) else None


def _variants(
    record: dict[str, Any],
    identifiers: list[dict[str, Any]],
    primary: tuple[str, Agency],
    reference: str,
) -> tuple[Variant, ...]:
    """Return the device under its primary identifier with its boxes, then its other names."""
    main = Variant(
        *primary,
        reference=reference,
        sizes=_sizes(record),
        quantity=_count(record.get("deviceCount")),
        packs=_packs(identifiers, primary[0]),
    )
    seen = {primary[0]}
    others = []
    for one in identifiers:
        if one["deviceIdType"] in ("Primary", "Package") or not one["deviceId"]:
            continue
        code, agency = _other(one)
        if code and code not in seen:
            seen.add(code)
            others.append(Variant(code, agency, name=cleaning.text(one["deviceIdType"], 60)))
    return (main, *others)


def _packs(identifiers: list[dict[str, Any]], primary: str) -> tuple[Pack, ...]:
    """Return the boxes, each at the level its chain of contents gives it."""
    boxes: dict[str, tuple[str, int, str, Agency]] = {}
    for one in identifiers:
        if one["deviceIdType"] == "Package" and one["deviceId"]:
            code, agency = _other(one)
            if not code:
                continue
            inner = cleaning.text(one.get("containsDINumber"), 50) or primary
            kind = cleaning.text(one.get("pkgType"), 120)
            boxes.setdefault(code, (inner, _count(one.get("pkgQuantity")), kind, agency))
    packs = []
    for code, (inner, contains, kind, agency) in boxes.items():
        level, seen = 1, {code}
        while inner in boxes and inner not in seen and level < 9:
            seen.add(inner)
            level, inner = level + 1, boxes[inner][0]
        packs.append(Pack(level, contains, code, agency, kind))
    return tuple(sorted(packs, key=lambda pack: pack.level))


def _count(value: Any) -> int:
    words = cleaning.text(value, 12)
    return min(max(int(words), 1), 2_000_000) if words.isascii() and words.isdigit() else 1


def _sizes(record: dict[str, Any]) -> str:
    sizes = record.get("deviceSizes") or record.get("device_sizes")
    if isinstance(sizes, dict):
        sizes = sizes.get("deviceSize")
    texts = [_size(one) for one in _list(sizes) if isinstance(one, dict)]
    return cleaning.text("; ".join(filter(None, texts)), 1000)


def _size(one: dict[str, Any]) -> str:
    free = cleaning.text(one.get("sizeText"), 200)
    size = one.get("size")
    value = cleaning.text(size.get("value"), 40) if isinstance(size, dict) else ""
    if not value:
        return free
    unit = cleaning.text(size.get("unit"), 40) if isinstance(size, dict) else ""
    kind = cleaning.text(one.get("sizeType"), 60)
    return f"{kind} {value} {UNITS.get(unit, unit)}".strip()
