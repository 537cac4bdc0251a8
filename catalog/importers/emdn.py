"""The European Medical Device Nomenclature, in the columns the Commission publishes it in.

Source: EMDN V2, European Commission (Decision 2011/833/EU). The file of each language has the same
columns; which language a file is in shows in its headings, or is said by the person.
"""

from collections.abc import Iterator
from functools import partial

from catalog.importers import cleaning
from catalog.importers.opening import Part
from catalog.importers.reasons import Reason, Refusal, Refused
from catalog.importers.records import Term, guarded
from catalog.importers.tabular import Cells, table

COLUMNS = {
    "code": ("EMDN code", "code EMDN", "codice", "الرمز", "رمز"),
    "en": ("term_en", "term", "description", "EMDN code description", "name", "category term", "EMDN term"),  # noqa: E501
    "fr": ("term_fr", "terme", "libellé", "libelle", "description du code", "désignation", "nom", "intitulé"),  # noqa: E501
    "ar": ("term_ar", "المصطلح", "التسمية", "الوصف"),
    "level": ("niveau", "EMDN level", "المستوى"),
    "terminal": ("bottom level", "terminal yes/no", "terminal (yes/no)", "leaf", "dernier niveau", "نهائي"),  # noqa: E501
}  # fmt: skip
LONGEST_NAME = 500


def level_of(code: str) -> int:
    """Return the level a code stands at: a letter is level 1, each pair of digits one more."""
    return 1 + (len(code) - 1) // 2


def parent_of(code: str) -> str:
    """Return the code one level up, "" for a category."""
    return code[:-2] if len(code) > 2 else ""


def read(part: Part, language: str | None = None) -> Iterator[tuple[int, Term] | Refusal]:
    """Yield the terms of a nomenclature file.

    Args:
        part: the file, CSV or Excel.
        language: the language of the names; by default what the headings say (English headings
            are English names: the Commission's files in other languages must be announced).
    """
    for row in table(part, COLUMNS, required=("code",)):
        if isinstance(row, Refusal):
            yield row
        else:
            key = str(row.cells[row.places["code"]])[:60]
            yield guarded(row.line, key, partial(term, row, language))


def term(row: Cells, language: str | None) -> Term:
    """Return the term of one row.

    Raises:
        Refused: the code is missing or malformed, has no name, or contradicts its level.
    """
    code = cleaning.emdn(cleaning.key(row["code"], "code", 20))
    names = {name: cleaning.text(row[name], LONGEST_NAME) for name in ("en", "fr", "ar")}
    names = {name: words for name, words in names.items() if words}
    if language and len(names) == 1:
        names = {language: next(iter(names.values()))}
    if not names:
        raise Refused(Reason.NAME_MISSING, language or "term")
    typed = cleaning.text(row["level"], 10)
    level = cleaning.number(typed, "level") if typed else None
    if level is not None and level != level_of(code):
        raise Refused(Reason.WRONG_LEVEL, "level", typed)
    terminal = cleaning.yes_no(cleaning.text(row["terminal"], 10))
    return Term(code, parent_of(code), level_of(code), terminal, names)
