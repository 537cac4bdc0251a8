"""Every string is translated, completely, into both languages, and none is written past gettext."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from portal.messages import TRANSLATED, extract, locale_folders, read, sources_of
from portal.typography import french
from portal.web.i18n import translations
from tests.sources import ROOT, files, name

FOLDERS = locale_folders()
CASES = [(folder, code) for folder in FOLDERS for code in TRANSLATED]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
LOOKS = re.compile(r"[\u064b-\u0652]")  # vowel signs: the same word with and without
ARABIC = re.compile(r"[\u0600-\u06ff]")
WORD = re.compile(r"[^\W\d_]{2,}")
# Names and codes that are the same in every language.
SAME = set(
    """
    TOTP Tajhiz تجهيز CSV PDF JSON XLSX ICE RC IF CNSS UDI DI PI GTIN EMDN GMDN URL API SHA HTML
    INTACT BROKEN GS HIBCC ICCBBA AR FR EN MAD DMP ISO CE PNG JPEG WebP Excel MB NDJSON Mo QR
    IIa IIb III ISBT PPN HIBC IFA
    """.split()  # noqa: SIM905 - a list of words is read as words
)


def case(value: object) -> str:
    return name(value) if isinstance(value, Path) else str(value)


def forms(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return [text or "" for text in strings]


def ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize(("folder", "code"), CASES, ids=case)
def test_the_file_has_every_string_of_its_sources(folder, code):
    there, wanted = read(folder / "locale" / f"{code}.po", code), extract(folder, FOLDERS)

    assert {"new": ids(wanted) - ids(there), "gone": ids(there) - ids(wanted)} == {
        "new": set(),
        "gone": set(),
    }, "run `tajhiz messages`"


@pytest.mark.parametrize(("folder", "code"), CASES, ids=case)
def test_every_string_is_translated_in_all_its_forms(folder, code):
    catalog = read(folder / "locale" / f"{code}.po", code)
    plurals = {"fr": {2, 3}, "ar": {6}}[code]
    missing = [
        shown(message)
        for message in catalog
        if message.id
        and (
            not all(forms(message))
            or message.fuzzy
            or (isinstance(message.id, tuple) and len(forms(message)) not in plurals)
        )
    ]

    assert missing == []


@pytest.mark.parametrize(("folder", "code"), CASES, ids=case)
def test_a_translation_names_what_the_string_names(folder, code):
    """A plural form may leave the number out: « one device »."""
    wrong = []
    for message in read(folder / "locale" / f"{code}.po", code):
        plural = isinstance(message.id, tuple)
        wanted = set(PLACEHOLDER.findall(" ".join(message.id) if plural else message.id))
        for text in forms(message):
            named = set(PLACEHOLDER.findall(text))
            if (
                text
                and message.id
                and named != wanted
                and not (plural and named | {"num"} == wanted)
            ):
                wrong.append((text, wanted ^ named))

    assert wrong == []


@pytest.mark.parametrize(("folder", "code"), CASES, ids=case)
def test_a_percent_sign_does_not_break_a_translation(folder, code):
    values = dict.fromkeys(
        [*PLACEHOLDER.findall((folder / "locale" / f"{code}.po").read_text("utf-8")), "num"], "1"
    )
    broken = []
    for message in read(folder / "locale" / f"{code}.po", code):
        for text in forms(message) if message.id and "%(" in str(message.id) else []:
            try:
                text % values
            except (ValueError, TypeError):
                broken.append(text)

    assert broken == []


@pytest.mark.parametrize("folder", FOLDERS, ids=case)
def test_arabic_is_arabic(folder):
    left = [
        text
        for message in read(folder / "locale" / "ar.po", "ar")
        if message.id
        for text in forms(message)
        if text and not ARABIC.search(text) and words_left(text)
    ]

    assert left == []


@pytest.mark.parametrize("folder", FOLDERS, ids=case)
def test_french_is_not_english(folder):
    left = [
        shown(message)
        for message in read(folder / "locale" / "fr.po", "fr")
        if message.id and shown(message) in forms(message) and len(words_left(shown(message))) > 2
    ]

    assert left == []


@pytest.mark.parametrize("folder", FOLDERS, ids=case)
def test_french_has_its_no_break_spaces(folder):
    wrong = [
        text
        for message in read(folder / "locale" / "fr.po", "fr")
        if message.id
        for text in forms(message)
        if text != french(text)
    ]

    assert wrong == [], "run `tajhiz messages`"


# One word for one thing; an « organisme » is only what texts of law call so.
OTHER_WORDS = re.compile(
    r"organismes?\b(?! (?:public|certificateur|notifié))|\bgrappe", re.IGNORECASE
)


def test_french_calls_one_thing_by_one_word():
    found = [
        text
        for folder in FOLDERS
        for message in read(folder / "locale" / "fr.po", "fr")
        if message.id
        for text in forms(message)
        if OTHER_WORDS.search(text)
    ]

    assert found == []


def french_texts(value: object, key: str = "") -> list[str]:
    """Return the texts under keys like « fr » and « about_fr » of a data file."""
    if isinstance(value, dict):
        return [text for key, part in value.items() for text in french_texts(part, key)]
    if isinstance(value, list):
        return [text for part in value for text in french_texts(part, key)]
    return [value] if isinstance(value, str) and key.split("_")[-1] == "fr" else []


@pytest.mark.parametrize("path", files(".toml"), ids=name)
def test_french_of_a_data_file_has_its_no_break_spaces(path):
    texts = french_texts(tomllib.loads(path.read_text(encoding="utf-8")))

    assert [text for text in texts if text != french(text)] == []


def test_every_source_with_a_string_belongs_to_a_folder_with_translations():
    covered = {path for folder in FOLDERS for path in sources_of(folder, FOLDERS)}
    outside = [path for path in files(".html") + files(".txt") if path not in covered]
    marked = re.compile(r"\b(?:_|gettext|lazy|ngettext)\(\s*\"")
    outside += [
        path
        for path in files(".py")
        if path not in covered and marked.search(path.read_text(encoding="utf-8"))
    ]

    assert outside == []


def words_left(text: str) -> list[str]:
    """Return the words of a text that a person of another language would stumble over."""
    plain = PLACEHOLDER.sub(" ", text)
    plain = re.sub(r"https?://\S+|\S+@\S+|\b[\w-]+\.(?:py|csv|ndjson|pdf|xlsx)\b", " ", plain)
    return [word for word in WORD.findall(plain) if word not in SAME]


# --- what stands in a template past gettext ---------------------------------------------------

TRANS = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
# A macro may write a piece of a tag or of an address: « aria-invalid="true" », « ?sort= ».
ATTRIBUTES = re.compile(r"[\w-]+=\"[^\"]*\"|[?&][\w-]+=")
READ_ALOUD = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
SILENT = {"script", "style", "code", "svg", "pre", "kbd", "samp"}


class Texts(HTMLParser):
    """Collects what a person would read in a template after its Jinja is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in SILENT
        for key, value in attributes:
            if key in READ_ALOUD and value and words_left(value):
                self.found.append(f"{key}={value}")

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT and self.silent > 0

    def handle_data(self, data):
        if not self.silent and words_left(ATTRIBUTES.sub(" ", data)):
            self.found.append(" ".join(data.split()))


def untranslated_texts(template: str) -> list[str]:
    """Return the texts of a template that stand outside gettext."""
    parser = Texts()
    parser.feed(JINJA.sub("", TRANS.sub("", template)))
    parser.close()
    return parser.found


@pytest.mark.parametrize("path", files(".html"), ids=name)
def test_a_template_has_no_text_past_gettext(path):
    assert untranslated_texts(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path", [one for one in files(".txt") if "templates" in one.parts], ids=name
)
def test_a_mail_has_no_text_past_gettext(path):
    assert words_left(JINJA.sub("", TRANS.sub("", path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{{ _('Hello') }}</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ('<img alt="A pump">', ["alt=A pump"]),
        ('<input placeholder="{{ _("Search") }}" value="fr">', []),
        ("{% trans %}Hello{% endtrans %}<code>tajhiz</code> · 12 %", []),
        ("{# a comment #}<b>PDF</b>", []),
        ("{% if a > b %}<i title='Close'>{% endif %}", ["title=Close"]),
    ],
)
def test_the_scanner_finds_what_it_should(template, found):
    assert untranslated_texts(template) == found


def test_one_string_has_one_translation_in_the_whole_portal():
    """The folders are merged: « To » of a mail and « To » of a range need two message ids."""
    for code in TRANSLATED:
        found: dict[object, dict[str, str]] = {}
        for folder in FOLDERS:
            for message in read(folder / "locale" / f"{code}.po", code):
                if message.id:
                    text = LOOKS.sub("", " | ".join(forms(message)).replace("’", "'"))
                    found.setdefault(message.id, {})[text] = name(folder)
        assert {key: texts for key, texts in found.items() if len(texts) > 1} == {}


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3)],
)
def test_arabic_plural_forms_stand_in_the_usual_order(number, form):
    texts = translations("ar")

    assert texts.plural(number) == form


def test_there_are_translations_to_check():
    assert ROOT / "portal" in FOLDERS
