"""Addresses and query options: what is offered is read, all else is refused and says what is."""

from datetime import UTC, datetime

import pytest

from telemetry_ingest.evidence.observed import micros
from telemetry_ingest.sensorthings.asked import Asked, asked
from telemetry_ingest.sensorthings.conditions import LAST
from telemetry_ingest.sensorthings.errors import (
    NoSuchPlace,
    OptionNotOffered,
    OptionNotReadable,
    TooDeep,
)
from telemetry_ingest.sensorthings.places import place

READINGS = place("/Datastreams('3-150456')/Observations")
AT = micros(datetime(2026, 3, 1, 8, tzinfo=UTC))


def test_addresses():
    assert (READINGS.name, READINGS.key, READINGS.link) == (
        "Datastreams", (3, 150456), "Observations",
    )  # fmt: skip
    assert (READINGS.is_set, READINGS.target) == (True, "Observations")
    thing = place("Datastreams('3-150456')/Thing")
    assert (thing.is_set, thing.target) == (False, "Things")
    assert (place("/Things").is_set, place("/Things(3)").is_set) == (True, False)
    assert place("Observations('3-150456-1772350000000000-1-0')").key == (
        3, 150456, 1772350000000000, 1, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "", "Nothing", "things", "Things(0x1)", "Things('3')", "Things(3)/Observations",
        "Things(99999999999)", "Things(3)/name", "Things(3)/$value", "Datastreams(3)",
        "Datastreams('3')", "Datastreams('3-1-1')", "Datastreams('3-99999999999')",
        "Datastreams('٣-150456')", "Observations", "Observations('1-1-1-1')", "FeaturesOfInterest",
        "Things(3)/Datastreams(1)", "Things/Datastreams", "Things(3)/HistoricalLocations",
    ],
)  # fmt: skip
def test_addresses_at_which_nothing_can_be(path):
    with pytest.raises(NoSuchPlace) as refused:
        place(path)
    assert "/Datastreams" in refused.value.text()


def read(*given, at=READINGS) -> Asked:
    return asked(at, given)


def test_options():
    found = read(
        ("$top", "7"), ("$skiptoken", f"{AT}-1-2"), ("$count", "true"),
        ("$select", "id,result"), ("$orderby", "phenomenonTime desc"),
        ("$filter", "phenomenonTime ge 2026-03-01T08:00:00Z and "
                    "phenomenonTime lt 2026-03-01T10:00:00+01:00"),
    )  # fmt: skip
    assert (found.top, found.after, found.count, found.select, found.newest_first) == (
        7, (AT, 1, 2), True, ("id", "result"), True,
    )  # fmt: skip
    assert (found.span, found.is_span) == ((AT, AT + 3_600_000_000), True)
    assert (read().top, read().span, read().is_span) == (100, (0, LAST), True)


@pytest.mark.parametrize(
    ("operator", "start", "end"),
    [("eq", AT, AT + 1), ("ge", AT, LAST), ("gt", AT + 1, LAST), ("le", 0, AT + 1),
     ("lt", 0, AT)],
)  # fmt: skip
def test_a_filter_is_a_stretch_of_time(operator, start, end):
    found = read(("$filter", f"phenomenonTime {operator} 2026-03-01T08:00:00.000000Z"))

    assert found.span == (start, end)


@pytest.mark.parametrize(
    ("name", "text"),
    [("$top", "0"), ("$top", "1001"), ("$top", "-1"), ("$top", "٣"), ("$skiptoken", "1"),
     ("$skiptoken", "1-2-3-4"), ("$skiptoken", "99999999999999999999-0-0"),
     ("$skiptoken", "1-99999999999-0"), ("$count", "yes"), ("$select", "result,serial"),
     ("$orderby", "result"), ("$orderby", "phenomenonTime up"), ("$orderby", "id"),
     ("$orderby", "phenomenonTime,id desc"), ("$filter", "result gt '5'"),
     ("$filter", "result gt"), ("$filter", "serial eq 'x'"), ("$filter", "id gt 'x'"),
     ("$filter", "(result gt 5"), ("$filter", "result gt 5)"), ("$filter", "not"),
     ("$filter", "result has 5"), ("$filter", "5 gt 4"), ("$filter", "result gt 5 result lt 6"),
     ("$filter", "result lt null"), ("$filter", "result add 1 eq 2"), ("$filter", "'"),
     ("$filter", "startswith(id,'3')"), ("$filter", "(" * 500 + "result gt 5" + ")" * 500),
     ("$resultFormat", "CSV"), ("$expand", "Thing"), ("$expand", "Datastream($top=1)x"),
     ("$expand", "Datastream("), ("$expand", "Datastream)("), ("$expand", "Datastream($select)"),
     ("$expand", ""),
     ("$filter", "phenomenonTime ge 2026-03-01T08:00:00"), ("$filter", "phenomenonTime ge now()"),
     ("$filter", "")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_an_example(name, text):
    with pytest.raises(OptionNotReadable) as refused:
        read((name, text))
    assert (refused.value.status, name in refused.value.text()) == (400, True)


@pytest.mark.parametrize("name", ["$search", "$resultFormat", "$apply", "top", ""])
def test_what_is_not_offered_is_refused_with_what_is(name):
    with pytest.raises(OptionNotOffered) as refused:
        read((name, "1"), at=place("/Things"))
    assert "$top, $skip, $count, $select, $filter" in refused.value.text()


def test_times_beyond_any_reading_are_read_and_twice_is_refused():
    far = read(("$filter", "phenomenonTime gt 0001-01-01T00:00:00Z and "
                           "phenomenonTime le 9999-12-31T23:59:59Z"))  # fmt: skip
    assert far.span == (0, LAST)
    with pytest.raises(OptionNotReadable):
        read(("$top", "1"), ("$top", "2"))


def test_a_long_list_of_properties_costs_no_more_than_a_short_one():
    things = place("/Things")
    assert read(("$select", "name,id" + ",name" * 20_000), at=things).select == ("name", "id")
    assert len(read(("$orderby", "name" + ",id" * 7), at=things).order) == 8
    with pytest.raises(OptionNotReadable):
        read(("$orderby", "name" + ",properties/serial" * 8), at=things)


def test_links_have_options_of_their_own():
    things = place("/Things")
    found = asked(things, [
        ("$expand", "Datastreams($select=name;$orderby=id desc;$filter=name eq 'a,;(b'),"
                    "Locations,Datastreams/Observations($top=1)"),
    ])  # fmt: skip
    (streams, of_streams), (sites, of_sites) = found.expand
    assert (streams, of_streams.select, of_streams.order) == (
        "Datastreams", ("name",), (("id", True),),
    )  # fmt: skip
    assert of_streams.condition.value == "a,;(b"
    assert [(link, one.top) for link, one in of_streams.expand] == [("Observations", 1)]
    assert (sites, of_sites) == ("Locations", Asked())


def test_links_behind_links_end_somewhere():
    path = "Thing/Locations/Things/Datastreams"
    at = place("Datastreams('3-1')")
    assert asked(at, [("$expand", path)]).expand[0][0] == "Thing"
    with pytest.raises(TooDeep):
        asked(at, [("$expand", f"{path}/Thing")])
    with pytest.raises(TooDeep):
        asked(at, [("$expand", "Thing/Datastreams/" * 100 + "Thing")])


@pytest.mark.parametrize(
    ("path", "given"),
    [("/Datastreams", "Observations($skip=1)"), ("/Datastreams", "Thing($top=1)"),
     ("/Datastreams", "Observations($skiptoken=1-1-1)"), ("/Things", "Datastreams($a=1)")],
)  # fmt: skip
def test_links_have_no_other_options_than_their_sets(path, given):
    with pytest.raises(OptionNotOffered):
        asked(place(path), [("$expand", given)])
