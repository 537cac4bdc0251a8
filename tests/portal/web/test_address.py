import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.address import Address, address_of, language_of, local_path

PAGE = Address("/fr/devices", (("q", "pompe"), ("class", "IIa"), ("class", "III"), ("page", "3")))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (PAGE, "/fr/devices?q=pompe&class=IIa&class=III&page=3"),
        (PAGE.set(page=None), "/fr/devices?q=pompe&class=IIa&class=III"),
        (PAGE.set(sort="-name", page=None), "/fr/devices?q=pompe&class=IIa&class=III&sort=-name"),
        (PAGE.add("class", "I"), "/fr/devices?q=pompe&class=IIa&class=III&class=I"),
        (PAGE.without("class", "III"), "/fr/devices?q=pompe&class=IIa"),
        (PAGE.without("class"), "/fr/devices?q=pompe"),
        (PAGE.only(["q"]), "/fr/devices?q=pompe"),
        (PAGE.in_language("ar"), "/ar/devices?q=pompe&class=IIa&class=III&page=3"),
        (Address("/fr").in_language("en"), "/en"),
        (Address("/readyz").in_language("en"), "/en"),
        (Address("/fr/é x"), "/fr/%C3%A9%20x"),
        (Address("/fr/a", (("q", "é &"),)), "/fr/a?q=%C3%A9+%26"),
    ],
)
def test_addresses_are_changed_one_part_at_a_time(address, written):
    assert str(address) == written


def test_values_are_found_by_name():
    assert PAGE.values("class") == ["IIa", "III"]
    assert (PAGE.value("q"), PAGE.value("x"), PAGE.value("x", "d")) == ("pompe", "", "d")


@pytest.mark.parametrize(
    ("path", "code"),
    [("/fr", "fr"), ("/ar/x", "ar"), ("/", None), ("/france", None), ("/xx/fr", None)],
)
def test_language_of_reads_the_first_part_alone(path, code):
    assert language_of(path) == code


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_an_address_survives_the_way_through_the_browser(pairs):
    written = str(Address("/fr", tuple(pairs)))
    _, _, query = written.partition("?")

    read = address_of({"path": "/fr", "query_string": query.encode()})

    assert read == Address("/fr", tuple(pairs))


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("/fr/x?a=1", "/fr/x?a=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/fr\n/x", "/"),
        ("", "/"),
    ],
)
def test_local_path_never_leaves_this_site(given, safe):
    assert local_path(given) == safe


@pytest.mark.parametrize(
    ("query", "address"),
    [((), "/fr/export/csv"), ((("event", "device.moved"),), "/fr/export/csv?event=device.moved")],
)
def test_another_path_keeps_the_parameters_and_has_no_mark_without_any(query, address):
    assert str(Address("/fr/audit", query).at("/fr/export/csv")) == address
