import pytest

from portal.typography import french


@pytest.mark.parametrize(
    ("written", "spaced"),
    [
        ("Choisi :", "Choisi\u00a0:"),
        (" :", "\u00a0:"),
        ("%(facet)s : %(value)s", "%(facet)s\u00a0: %(value)s"),
        ("%(facet)s: %(value)s", "%(facet)s\u00a0: %(value)s"),
        ("Où ? Là ! Bien ;", "Où\u202f? Là\u202f! Bien\u202f;"),
        ("Quoi?!", "Quoi\u202f?!"),
        ("À propos de « %(name)s » :", "À propos de «\u00a0%(name)s\u00a0»\u00a0:"),
        ("«mot»", "«\u00a0mot\u00a0»"),
        ("(vraiment ?)", "(vraiment\u202f?)"),
    ],
)
def test_marks_of_two_parts_stay_with_their_word(written, spaced):
    assert (french(written), french(spaced)) == (spaced, spaced)


@pytest.mark.parametrize(
    "text",
    [
        "à 14:30 précises",
        "https://example.org/?sort=name&page=2",
        "/fr/search?q=pompe",
        "R&amp; D et 3&nbsp;kg",
        "%(hours)s:%(minutes)s",
        "Une phrase, sans rien.",
        "",
    ],
)
def test_times_addresses_and_entities_stay_as_they_are(text):
    assert french(text) == text
