"""``tajhiz messages``: extract the strings of each folder with a ``locale``, update its files."""

from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = {".py", ".html", ".txt", ".xml"}
TRANSLATED = ("fr", "ar")  # English is the source
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
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def update(folder: Path, folders: list[Path], code: str) -> list[str]:
    """Write the file of one folder and language; return the message ids still untranslated."""
    path = folder / "locale" / f"{code}.po"
    catalog = read(path, code)
    catalog.update(extract(folder, folders), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        # No line numbers and no dates: a file changes only when a string does.
        write_po(
            file, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False
        )
    return untranslated(catalog)


def untranslated(catalog: Catalog) -> list[str]:
    """Return the message ids that lack a translation, or one of its plural forms."""
    missing = []
    for message in catalog:
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(strings):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


@click.command()
def messages() -> None:
    """Extract the translatable strings and list the untranslated ones."""
    folders = locale_folders()
    for folder in folders:
        for code in TRANSLATED:
            for text in update(folder, folders, code):
                click.echo(f"{folder.relative_to(ROOT)} {code}: {text}")
