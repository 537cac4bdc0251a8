import json
import re
from fractions import Fraction

import pytest

from procurement.scoring.canonical import canonical, seal
from procurement.scoring.errors import (
    DuplicateName,
    FloatRefused,
    HiddenCharacter,
    Malformed,
    SealBroken,
)
from procurement.scoring.reading import decoded, read
from procurement.scoring.recompute import Unreadable
from procurement.scoring.recompute.reading import decoded as recompute_decoded


def a_file(**changes):
    tender = {
        "id": "MD-1",
        "opened_on": "2026-11-20",
        "method": {"kind": "reference_price", "category": "supplies"},
        "lots": [{"id": "1", "estimate": 100_000_000}],
    }
    bid = {"id": "A", "bidder": "atlas", "lots": ["1"], "price": 95_000_000}
    dossier = {"bidders": [{"id": "atlas"}], "bids": [bid | changes.pop("bid", {})]}
    whole = {
        "format": "tajhiz.evaluation/1",
        "tender": tender | changes.pop("tender", {}),
        "dossier": dossier,
    }
    return whole | changes


def test_read_gives_typed_values():
    file = read(json.dumps(a_file(bid={"technical": "85.5"})))

    assert (file.dossier.bids[0].technical, file.tender.lots[0].estimate) == (
        Fraction(171, 2),
        100_000_000,
    )


@pytest.mark.parametrize(
    ("bid", "field", "text"),
    [
        ({"price": 1.5}, "$.dossier.bids[0].price", "1.5"),
        ({"price": 1e9}, "$.dossier.bids[0].price", "1000000000.0"),
        ({"technical": float("nan")}, "$.dossier.bids[0].technical", "NaN"),
    ],
)
def test_read_refuses_a_float_and_says_where(bid, field, text):
    with pytest.raises(FloatRefused) as refused:
        read(json.dumps(a_file(bid=bid)))

    assert (refused.value.field, refused.value.values) == (field, {"text": text})


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", "$"),
        ("[]", "$"),
        ("[" * 100_000, "$"),
        (json.dumps(a_file(bid={"price": "12"})), "$.dossier.bids[0].price"),
        (json.dumps(a_file(bid={"price": -1})), "$.dossier.bids[0].price"),
        (json.dumps(a_file(bid={"technical": "1e3"})), "$.dossier.bids[0].technical"),
        (json.dumps(a_file(bid={"technical": "9" * 20})), "$.dossier.bids[0].technical"),
        (json.dumps(a_file(bid={"technical": 10**20})), "$.dossier.bids[0].technical"),
        (
            json.dumps(a_file(bid={"scope_adjustment": -(10**20)})),
            "$.dossier.bids[0].scope_adjustment",
        ),
        (json.dumps(a_file(bid={"technical": True})), "$.dossier.bids[0].technical"),
        (json.dumps(a_file(bid={"colour": "red"})), "$.dossier.bids[0]"),
        (json.dumps(a_file(tender={"method": {"kind": "beauty"}})), "$.tender.method.kind"),
    ],
)
def test_read_says_where_a_file_is_not_of_the_format(text, field):
    with pytest.raises(Malformed) as refused:
        read(text)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "hidden",
    ["\\ud800", "\\u001b[2J", "\\u202e", "\\u2066", "\\n", "\\u0000", "\\u0085", "\\u2028"],
)
@pytest.mark.parametrize("text", ['{"a": {"b": ["x%sy"]}}', '{"a": {"b": {"x%sy": 1}}}'])
def test_a_text_with_a_hidden_character_is_refused_with_its_place(text, hidden):
    with pytest.raises(HiddenCharacter) as refused:
        decoded(text % hidden)

    assert refused.value.field in {"$.a.b[0]", "$.a.b"}
    assert str(refused.value).isprintable()


def test_letters_of_every_script_and_marks_of_direction_are_no_hidden_characters():
    name = "جهاز قياس \u200fالضغط\u200e — <script> [b] 😀"

    assert decoded(json.dumps([name])) == [name]


@pytest.mark.parametrize(
    ("price", "field"),
    [
        (10**18 + 1, "$.dossier.bids[0].price"),
        (10**60, "$.dossier.bids[0].price"),
        ("9" * 10_000, "$.dossier.bids[0].price"),
    ],
)
def test_a_number_beyond_all_measure_is_refused(price, field):
    text = json.dumps(a_file(bid={"price": "PRICE"})).replace('"PRICE"', str(price))

    with pytest.raises(Malformed) as refused:
        read(text)

    assert refused.value.field == field
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("text", "field", "name"),
    [
        ('{"x": {"price": 1, "price": 2}}', "$.x.price", "price"),
        ('{"x": 1, "x": 2}', "$.x", "x"),
        ('{"a": [{}, {"b": [{"c": 1, "d": 2, "d": {"d": 5}}]}]}', "$.a[1].b[0].d", "d"),
    ],
)
def test_a_key_that_stands_twice_is_named_with_its_place(text, field, name):
    with pytest.raises(DuplicateName) as refused:
        decoded(text)

    assert (refused.value.field, refused.value.values) == (field, {"name": name})
    with pytest.raises(Unreadable, match=re.escape(again(field)) + ": this name is there twice"):
        recompute_decoded(text.encode())


def again(field: str) -> str:
    """Return a place as the second evaluator writes it."""
    return field.replace("[", ".").replace("]", "")


def test_a_key_that_stands_twice_hides_nothing():
    with pytest.raises(HiddenCharacter):
        decoded('{"x\u202e": 1, "x\u202e": 2}')
    with pytest.raises(Unreadable, match="hidden character"):
        recompute_decoded(b'{"x\\u202e": 1, "x\\u202e": 2}')


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "it is not text in UTF-8"),
        ("utf-16-le", "it is not text in UTF-8"),
        ("utf-16-be", "it is not text in UTF-8"),
        ("utf-32", "it is not text in UTF-8"),
        ("latin-1", "it is not text in UTF-8"),
        ("utf-8-sig", "it begins with a byte order mark: save it as UTF-8 without one"),
    ],
)
def test_both_evaluators_refuse_what_is_not_utf_8_in_the_same_words(encoding, said):
    content = json.dumps({"a": "é"}, ensure_ascii=False).encode(encoding)

    with pytest.raises(Malformed) as refused:
        decoded(content)
    with pytest.raises(Unreadable) as again:
        recompute_decoded(content)

    assert (str(refused.value.values["why"]), str(again.value)) == (said, f"$: {said}")


def test_a_sealed_tender_cannot_be_changed():
    sealed = a_file(seal=seal(read(json.dumps(a_file())).tender))

    assert read(json.dumps(sealed)).seal == sealed["seal"]
    sealed["tender"]["lots"][0]["estimate"] += 1
    with pytest.raises(SealBroken):
        read(json.dumps(sealed))


def test_the_canonical_form_does_not_depend_on_the_order_of_the_keys():
    one = a_file()
    other = json.loads(json.dumps(one), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert canonical(read(json.dumps(one)).tender) == canonical(read(json.dumps(other)).tender)
