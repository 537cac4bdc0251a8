"""Files that tests import."""

import gzip
import io
import json
import zipfile
from pathlib import Path

from openpyxl import Workbook

from catalog.importers.opening import parts
from catalog.importers.reasons import Refusal

EUDAMED_HEADING = (
    "udi_di,emdn_code,risk_class,manufacturer,manufacturer_srn,catalogue_no,trade_name"
)
GTINS = ("04250274510996", "07320450168703", "09120057170707", "00840161302939", "06438129116694")


def eudamed_row(number: int = 0, **cells: str) -> str:
    row = {
        "udi_di": GTINS[number],
        "emdn": "Z12020801",
        "class": "EU_CLASS_IIA",
        "maker": "CARL REINER GmbH",
        "srn": "AT-MF-000001504",
        "reference": f"REF-{number}",
        "name": f"Device {number}",
    }
    return ",".join({**row, **cells}.values())


def eudamed_csv(*rows: str) -> bytes:
    return "\n".join([EUDAMED_HEADING, *rows]).encode() + b"\n"


def gudid_record(gtin: str = GTINS[0], **fields: object) -> dict[str, object]:
    return {
        "brandName": "Infusor",
        "versionModelNumber": "X1",
        "companyName": "ACME INC.",
        "identifiers": [
            {"deviceId": gtin, "deviceIdType": "Primary", "deviceIdIssuingAgency": "GS1"}
        ],
        **fields,
    }


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def ndjson(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_all(path: Path, read) -> tuple[list, list[Refusal]]:
    """Return the records and the refusals of a file."""
    items = [item for part in parts(path) for item in read(part)]
    return (
        [item[1] for item in items if not isinstance(item, Refusal)],
        [item for item in items if isinstance(item, Refusal)],
    )
