"""Links with options in brackets: whatever was put together comes apart again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry_ingest.sensorthings.splitting import NotLinks, links, split

VALUES = st.sampled_from(["1", "a,b", "name eq 'x;y)'", "(a or b)", "'it''s'"])
OPTIONS = st.dictionaries(st.sampled_from(["$top", "$select", "$filter"]), VALUES)


@given(st.dictionaries(st.sampled_from(["Things", "Locations", "Sensor"]), OPTIONS, min_size=1))
def test_links_come_apart_as_they_were_put_together(named):
    texts = []
    for link, options in named.items():
        inside = ";".join(f"{name}={value}" for name, value in options.items())
        texts.append(f"{link}({inside})" if inside else link)
    # A comma outside of brackets of its own stands inside the link's brackets: it parts nothing.
    assert {link: dict(pairs) for link, pairs in links(",".join(texts)).items()} == named


def test_one_link_named_twice_is_one():
    assert links("A/B,A/C($top=1),A($top=2)") == {
        "A": (("$top", "2"), ("$expand", "B,C($top=1)")),
    }  # fmt: skip


@given(st.text("A(),;='/$ ", max_size=20))
def test_any_other_text_is_refused_and_nothing_worse(text):
    with suppress(NotLinks):
        links(text)


def test_what_is_too_long_is_refused():
    with pytest.raises(NotLinks):
        split("a" * 5_000, ",")
