"""``tajhiz messages``: extract the strings of each folder with a ``locale``, update its files."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from portal.typography import french
from portal.web.i18n import new_catalogue

ROOT = Path(__file__).parent.parent
SOURCES = {".py", ".html", ".txt", ".xml"}
TRANSLATED = ("fr", "ar")  # English is the source
UNWANTED = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Report-Msgid-Bugs-To',
    b'"Project-Id-Version',
    b'"Generated-By',
)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "gettext": None, "lazy": None, "ngettext": (1, 2),
}  # fmt: skip


def locale_folders(root: Path = ROOT) -> list[Path]:
    """Return the folders that have translations of their own, deepest first."""
    found = [path.parent for path in root.glob("*/**/locale") if ".venv" not in path.parts]
    return sorted(found, key=lambda path: -len(path.parts))


def sources_of(folder: Path, others: list[Path]) -> Iterator[Path]:
    """Yield the source files whose strings belong to ``folder`` and to no deeper one."""
    deeper = [other for other in others if other != folder and folder in other.parents]
    for path in sorted(folder.rglob("*")):
        if (
            path.suffix not in {".py", ".html", ".txt", ".xml"}
            or "piccolo_migrations" in path.parts
        ):
            continue
        if not any(other in path.parents for other in deeper):
            yield path


def extract(folder: Path, folders: list[Path]) -> Catalog:
    """Return the template catalogue of one folder."""
    catalog = Catalog(project="Tajhiz", charset="utf-8")
    for path in sources_of(folder, folders):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for line, message, comments, _ in extract_from_file(
            method, path, keywords=KEYWORDS, comment_tags=("NOTE",), options={"silent": "false"}
        ):
            catalog.add(
                message, None, [(str(path.relative_to(ROOT)), line)], auto_comments=comments
            )
    return catalog


def read(path: Path, code: str) -> Catalog:
    """Return the translations in ``path``, or an empty catalogue when there is no file yet."""
    catalog = new_catalogue(code)
    catalog.header_comment = f"# {catalog.locale.english_name} translations of Tajhiz."
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id:
                    catalog[message.id] = message
    return catalog


def update(folder: Path, folders: list[Path], code: str) -> list[str]:
    """Write the file of one folder and language; return the message ids still untranslated."""
    path = folder / "locale" / f"{code}.po"
    catalog = read(path, code)
    catalog.update(extract(folder, folders), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    if code == "fr":
        space(catalog)
    path.write_bytes(written(catalog))
    return untranslated(catalog)


def space(catalog: Catalog) -> None:
    """Put no-break spaces where French has them: no line begins with a question mark."""
    for message in catalog:
        if message.id and isinstance(message.string, str):
            message.string = french(message.string)
        elif message.id:
            message.string = tuple(french(text or "") for text in message.string or ())


def written(catalog: Catalog) -> bytes:
    """Return a file without line numbers, dates or names: it changes only when a string does."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNWANTED))


def untranslated(catalog: Catalog) -> list[str]:
    """Return the message ids that lack a translation, or one of its plural forms."""
    missing = []
    for message in catalog:
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def update_all() -> Iterator[str]:
    """Update the files of every folder; yield a line for each string still untranslated."""
    folders = locale_folders()
    for folder in folders:
        for code in TRANSLATED:
            for text in update(folder, folders, code):
                yield f"{folder.relative_to(ROOT)} {code}: {text}"
