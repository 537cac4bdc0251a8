from pathlib import Path

import pytest

from portal import messages
from portal.messages import extract, locale_folders, read, sources_of, untranslated, update


@pytest.fixture
def shop(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    folder = tmp_path / "shop"
    (folder / "locale").mkdir(parents=True)
    (folder / "inner" / "locale").mkdir(parents=True)
    (folder / "a.py").write_text(
        '_("One"); lazy("Two"); ngettext("%(num)s day", "%(num)s days", 3)'
    )
    (folder / "b.html").write_text("<p>{{ _('Three') }}</p>")
    (folder / "mail.txt").write_text("{{ _('Four') }}")
    (folder / "inner" / "c.py").write_text('_("Five")')
    return folder


def test_a_string_belongs_to_the_deepest_folder_with_translations(shop):
    folders = locale_folders(shop.parent)

    assert folders == [shop / "inner", shop]
    assert [path.name for path in sources_of(shop, folders)] == ["a.py", "b.html", "mail.txt"]
    found = {message.id for message in extract(shop, folders) if message.id}
    assert found == {"One", "Two", "Three", "Four", ("%(num)s day", "%(num)s days")}


def test_update_keeps_translations_drops_old_strings_and_names_what_is_missing(shop):
    folders = locale_folders(shop.parent)
    update(shop, folders, "ar")
    path = shop / "locale" / "ar.po"
    text = path.read_text().replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "واحد"')
    path.write_text(text + '\nmsgid "Gone"\nmsgstr "ذهب"\n')

    missing = update(shop, folders, "ar")

    assert sorted(missing) == ["%(num)s day", "Four", "Three", "Two"]
    catalog = read(path, "ar")
    assert (catalog["One"].string, catalog["Gone"]) == ("واحد", None)
    assert len(catalog[("%(num)s day", "%(num)s days")].string) == 6
    assert "Date" not in path.read_text()


def test_update_writes_the_same_file_twice(shop):
    folders = locale_folders(shop.parent)
    update(shop, folders, "fr")
    first = (shop / "locale" / "fr.po").read_bytes()

    update(shop, folders, "fr")

    assert (shop / "locale" / "fr.po").read_bytes() == first
    assert untranslated(read(shop / "locale" / "fr.po", "fr")) != []


def test_french_is_saved_with_its_no_break_spaces(shop):
    folders = locale_folders(shop.parent)
    update(shop, folders, "fr")
    path = shop / "locale" / "fr.po"
    text = path.read_text().replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "Un : « x » ?"')
    text = text.replace('msgstr[0] ""', 'msgstr[0] "%(num)s jour !"')
    path.write_text(text.replace('msgstr[1] ""', 'msgstr[1] "%(num)s jours !"'))

    update(shop, folders, "fr")

    catalog = read(path, "fr")
    assert catalog["One"].string == "Un\u00a0: «\u00a0x\u00a0»\u202f?"
    days = catalog[("%(num)s day", "%(num)s days")].string
    assert days == ("%(num)s jour\u202f!", "%(num)s jours\u202f!")


def test_other_languages_are_saved_as_they_were_written(shop):
    folders = locale_folders(shop.parent)
    update(shop, folders, "ar")
    path = shop / "locale" / "ar.po"
    path.write_text(
        path.read_text().replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "أ : ب"')
    )

    update(shop, folders, "ar")

    assert read(path, "ar")["One"].string == "أ : ب"
