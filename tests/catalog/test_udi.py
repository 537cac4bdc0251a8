from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.identifiers import gtin_check_digit
from catalog.rules.udi import NotAUdi, Trouble, Udi, UdiDi, UdiPi, read_udi
from catalog.states import Agency

GS = "\x1d"
PUMP = UdiDi("06111234567895", Agency.GS1)
ITEM = UdiPi(
    lot="LOT1",
    serial="SN-9",
    expires_on=date(2027, 1, 1),
    expires_as_written="270101",
    expires_format="YYMMDD",
)


@pytest.mark.parametrize(
    "text",
    [
        "(01)06111234567895(17)270101(10)LOT1(21)SN-9",
        f"01061112345678951727010110LOT1{GS}21SN-9",
        f"]d201061112345678951727010110LOT1{GS}21SN-9",
        "]C101061112345678951727010110LOT1<GS>21SN-9",
        "\u200f(01)06111234567895(17)270101(10)LOT1(21)SN-9\u200e",
        "(01)٠٦١١١٢٣٤٥٦٧٨٩٥(17)270101(10)LOT1(21)SN-9",
        "https://id.example.org/01/06111234567895/10/LOT1/21/SN-9?17=270101",
    ],
    ids=["brackets", "separator", "datamatrix", "code128", "bidi", "arabic-digits", "digital-link"],
)
def test_read_udi_takes_a_gs1_code_apart_however_it_was_scanned(text):
    assert read_udi(text) == Udi(PUMP, ITEM)


@pytest.mark.parametrize("text", ["6111234567895", "06111234567895", "611-1234-567895"])
def test_read_udi_takes_a_bare_gtin(text):
    assert read_udi(text) == Udi(PUMP, UdiPi())
    assert not read_udi(text).pi


def test_read_udi_knows_that_day_zero_is_the_end_of_the_month_and_keeps_what_was_written():
    pi = read_udi("(01)06111234567895(17)270200").pi

    assert (pi.expires_on, pi.expires_as_written) == (date(2027, 2, 28), "270200")


@pytest.mark.parametrize(
    ("text", "pi"),
    [
        ("+A99912345/$$52001510X3/S77", None),
        (
            # The example of FDA's table of UDI formats by issuing agency.
            "+H123PARTNO1234567890120/$$420020216LOT123456789012345"
            "/SXYZ456789012345678/16D20130202",
            UdiPi(
                lot="LOT123456789012345",
                serial="XYZ456789012345678",
                expires_on=date(2020, 2, 2),
                expires_as_written="20020216",
                expires_format="YYMMDDHH",
                made_on=date(2013, 2, 2),
                made_as_written="20130202",
                made_format="YYYYMMDD",
            ),
        ),
        ("+H123PARTNO1234567890120/$$0928LOT1", UdiPi(
            lot="LOT1", expires_on=None, expires_as_written="0928", expires_format="MMYY")),
    ],
    ids=["short", "fda-example", "month-and-year"],
)  # fmt: skip
def test_read_udi_takes_a_hibcc_code_apart(text, pi):
    udi = read_udi(text)

    assert udi.di.agency is Agency.HIBCC
    if pi and pi.expires_format == "MMYY":
        assert (udi.pi.lot, udi.pi.expires_on) == ("LOT1", date(2028, 9, 30))
    elif pi:
        assert udi == Udi(UdiDi("H123PARTNO1234567890120", Agency.HIBCC), pi)


def test_read_udi_takes_an_iccbba_code_apart_as_the_gudid_does():
    # parse_udi answer of AccessGUDID, recorded in its public test fixtures.
    text = "=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123"

    assert read_udi(text) == Udi(
        UdiDi("A9999XYZ100T0944", Agency.ICCBBA),
        UdiPi(
            lot="000000000000XYZ123",
            serial="000025",
            donation="A99971312345600",
            expires_on=date(2014, 2, 1),
            expires_as_written="014032",
            expires_format="YYYJJJ",
            made_on=date(2013, 2, 1),
            made_as_written="013032",
            made_format="YYYJJJ",
        ),
    )


def test_read_udi_takes_a_gs1_code_apart_as_the_gudid_does():
    udi = read_udi("(01)00208851107345(17)150331")

    assert (udi.di.value, udi.pi.expires_on, udi.pi.lot, udi.pi.serial) == (
        "00208851107345",
        date(2015, 3, 31),
        "",
        "",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6111234567894", "5"),
        ("(01)06111234567894(10)A", "5"),
        ("(01)00208851107345(17)150331", "7"),  # stands so in the answers of AccessGUDID
        ("6111234567895", ""),
    ],
)
def test_read_udi_tells_the_right_check_digit(text, expected):
    assert read_udi(text).expected_check == expected


def test_read_udi_takes_an_ifa_code_apart():
    text = f"[)>\x1e06{GS}9N111234567842{GS}1TABC{GS}SXYZ{GS}D270531\x1e\x04"

    udi = read_udi(text)

    assert udi.di == UdiDi("111234567842", Agency.IFA)
    assert (udi.pi.lot, udi.pi.serial, udi.pi.expires_on) == ("ABC", "XYZ", date(2027, 5, 31))


@pytest.mark.parametrize(
    ("text", "trouble", "hint"),
    [
        ("", Trouble.EMPTY, ""),
        (" \u200f ", Trouble.EMPTY, ""),
        ("(10)LOT1", Trouble.NO_DEVICE, "(01)"),
        ("=,000025", Trouble.NO_DEVICE, "=/"),
    ],
)
def test_read_udi_says_what_is_wrong(text, trouble, hint):
    with pytest.raises(NotAUdi) as caught:
        read_udi(text)

    assert (caught.value.trouble, caught.value.hint) == (trouble, hint)


@pytest.mark.parametrize("text", ["(01)06111234567895(17)271301", "hello", "+!", "pump 200"])
def test_read_udi_refuses_what_has_no_form(text):
    with pytest.raises(NotAUdi) as caught:
        read_udi(text)

    assert caught.value.trouble is Trouble.FORM


@given(st.text(max_size=80))
def test_read_udi_answers_or_refuses_and_never_breaks(text):
    with suppress(NotAUdi):
        assert read_udi(text).di.value


@given(
    st.text("0123456789", min_size=13, max_size=13).filter(lambda text: text.strip("0")),
    st.text("ABCDEFGHJKLM0123456789-./", min_size=1, max_size=20),
    st.text("ABCDEFGHJKLM0123456789", min_size=1, max_size=20),
)
def test_read_udi_gives_back_what_was_put_together(payload, lot, serial):
    gtin = payload + gtin_check_digit(payload)

    udi = read_udi(f"01{gtin}10{lot}{GS}21{serial}")

    assert (udi.di.value, udi.pi.lot, udi.pi.serial) == (gtin, lot, serial)
