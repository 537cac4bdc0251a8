"""Make the files of 100,000 devices that the measurements run on.

Real records (when a folder with them is there) are repeated with other identifiers and sizes, so
that words, makers and codes are distributed as in service; otherwise names are put together from
word lists in three languages. The same arguments always give the same files.
"""

import csv
import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
KINDS = {
    "fr": [
        "Pompe à perfusion", "Cathéter veineux", "Électrocardiographe", "Lit médicalisé",
        "Seringue stérile", "Moniteur de signes vitaux", "Gant chirurgical", "Compresse de gaze",
        "Défibrillateur", "Échographe portable", "Masque à oxygène", "Table d'opération",
        "Stérilisateur à vapeur", "Prothèse de hanche", "Suture résorbable", "Fauteuil roulant",
    ],
    "en": [
        "Infusion pump", "Venous catheter", "Electrocardiograph", "Hospital bed",
        "Sterile syringe", "Vital signs monitor", "Surgical glove", "Gauze compress",
        "Defibrillator", "Portable ultrasound scanner", "Oxygen mask", "Operating table",
        "Steam steriliser", "Hip prosthesis", "Absorbable suture", "Wheelchair",
    ],
    "ar": [
        "مضخة تسريب", "قثطار وريدي", "جهاز تخطيط القلب", "سرير طبي", "محقنة معقمة",
        "جهاز مراقبة العلامات الحيوية", "قفاز جراحي", "كمادة شاش", "جهاز إزالة الرجفان",
        "جهاز موجات فوق صوتية", "قناع أكسجين", "طاولة عمليات", "جهاز تعقيم بالبخار",
        "بدلة الورك", "خيط جراحي", "كرسي متحرك",
    ],
}  # fmt: skip
QUALITIES = ["Pro", "Plus", "Compact", "Néo", "Care", "Med", "One", "Lite", "Max", "Air"]
CLASSES = ["EU_CLASS_I", "EU_CLASS_IIA", "EU_CLASS_IIB", "EU_CLASS_III", ""]
HEADING = [
    "udi_di", "id_agency_is_gtin14", "emdn_code", "risk_class", "manufacturer",
    "manufacturer_srn", "catalogue_no", "model", "trade_name", "trade_name_lang", "single_use",
    "sterile", "implantable", "latex",
]  # fmt: skip


def data_folder() -> Path | None:
    """Return the folder of real records, if somebody put one beside the clone."""
    folder = Path(os.environ.get("TAJHIZ_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def checked(body: int) -> str:
    """Return a GTIN-14 with its check digit."""
    digits = f"{body:013d}"
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def emdn_codes() -> list[str]:
    """Return the terminal codes that come with the demonstration."""
    with (ROOT / "catalog/demo/nomenclature.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file) if row["terminal"] == "YES"]


def invented(count: int) -> Iterator[dict[str, str]]:
    """Yield made-up devices in three languages."""
    chance = random.Random(2026)
    codes = emdn_codes()
    for number in range(count):
        language = chance.choices(("en", "fr", "ar"), (5, 4, 1))[0]
        maker = min(int(chance.paretovariate(0.7)), 400)
        words = f"{chance.choice(KINDS[language])} {chance.choice(QUALITIES)}"
        yield {
            "udi_di": checked(9_000_000_000_000 + number),
            "id_agency_is_gtin14": "True",
            "emdn_code": chance.choice(codes),
            "risk_class": chance.choice(CLASSES),
            "manufacturer": f"Fabricant fictif {maker:03d}",
            "manufacturer_srn": f"{chance.choice(['DE', 'FR', 'IT', 'US'])}-MF-{maker:09d}",
            "catalogue_no": f"REF-{number:06d}",
            "model": f"M{number % 977}",
            "trade_name": f"{words} {chance.randrange(5, 60)} mm",
            "trade_name_lang": language,
            "single_use": chance.choice(["SINGLE_USE", "REUSABLE"]),
            "sterile": chance.choice(["STERILISED", "NOT_STERILISED"]),
            "implantable": "FALSE",
            "latex": chance.choice(["TRUE", "FALSE"]),
        }


def repeated_eudamed(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Yield real EUDAMED rows again and again under other identifiers."""
    with (folder / "eudamed/share_5000.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["udi_di"] and None not in row]
    for number in range(count):
        row = dict(rows[number % len(rows)])
        turn = number // len(rows)
        if turn:
            row["udi_di"] = checked(8_000_000_000_000 + number)
            row["catalogue_no"] = f"{row['catalogue_no']}-{turn}"
            row["trade_name"] = f"{row['trade_name']} {turn * 7} mm"
        yield row


def repeated_gudid(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Yield real GUDID records again and again under other identifiers."""
    with gzip.open(folder / "gudid/share_5000.ndjson.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    for number in range(count):
        record = dict(records[number % len(records)])
        turn = number // len(records)
        if turn:
            code = checked(7_000_000_000_000 + number)
            record["udiDi"] = code
            record["identifiers"] = [
                {"deviceId": code, "deviceIdType": "Primary", "deviceIdIssuingAgency": "GS1"}
            ]
            record["versionModelNumber"] = f"{record['versionModelNumber']}-{turn}"
        yield record


def write_files(into: Path, count: int) -> dict[str, Path]:
    """Write the files to import, by source; together they hold ``count`` devices."""
    into.mkdir(parents=True, exist_ok=True)
    folder = data_folder()
    table = into / f"eudamed-{count}.csv"
    names = HEADING
    half = count // 2
    rows: Iterator[dict[str, Any]] = invented(count if folder is None else count // 4)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        if folder:
            writer.writerows(repeated_eudamed(folder, half - count // 4))
    files = {"eudamed": table}
    if folder:
        files["gudid"] = into / f"gudid-{count}.ndjson"
        with files["gudid"].open("w", encoding="utf-8") as file:
            for record in repeated_gudid(folder, count - half):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return files
