"""The dated rules: values, articles, how sure they are."""

from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from procurement.scoring.errors import UnknownRuleVersion
from procurement.scoring.statute import versions
from procurement.scoring.statute.versions import DECREE_2023, Rule, version


def rules_listed(one):
    """Return every rule of a version by its name, the lower bounds as « low.works » and so on."""
    listed = {}
    for name in one.__struct_fields__:
        value = getattr(one, name)
        if isinstance(value, Rule):
            listed[name] = value
        elif isinstance(value, dict):
            listed |= {f"{name}.{part}": rule for part, rule in value.items()}
    return listed


LISTED = rules_listed(DECREE_2023)

# The rules that decide, as the notes on the decree give them.
DECIDING = {
    "high": (Fraction(20, 100), "art. 44-B-1", "confirmed"),
    "low.works": (Fraction(20, 100), "art. 44-B-2", "confirmed"),
    "low.supplies": (Fraction(25, 100), "art. 44-B-2", "confirmed"),
    "low.services": (Fraction(25, 100), "art. 44-B-2", "confirmed"),
    "bounds_kept": (True, "art. 44-B", "à confirmer"),
    "reference": (Fraction(1, 2), "art. 44-A", "confirmed"),
    "equality": ("below", "art. 43-II-1", "à confirmer"),
    "preference": (Fraction(15, 100), "art. 147", "à confirmer"),
    "at_reference": ("kept", "art. 147", "à confirmer"),
    "consortium": (Fraction(30, 100), "art. 147", "à confirmer"),
    "consortium_below": ("foreign share only", "art. 147", "à confirmer"),
    "studies_high": (Fraction(20, 100), "art. 144", "à confirmer"),
    "studies_low": (Fraction(25, 100), "art. 144", "à confirmer"),
    "studies_weight": ((Fraction(10, 100), Fraction(40, 100)), "art. 144-3", "à confirmer"),
    "line_rounding": (2, "règlement de consultation", "à confirmer"),
    "order": ("closest below, then closest above", "art. 43-II-1, 44-A", "confirmed"),
    "first_among_equals": (
        {"cooperative", "union_of_cooperatives", "auto_entrepreneur"}, "art. 43-II-2", "confirmed",
    ),
    "first_elsewhere": (
        {"cooperative", "union_of_cooperatives", "auto_entrepreneur"}, "art. 43-II-2",
        "à confirmer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDING)
def test_rule(name):
    rule = LISTED[name]

    assert (rule.value, rule.article, rule.confidence) == DECIDING[name]


@pytest.mark.parametrize("name", LISTED)
def test_every_rule_says_where_it_was_read_and_how_sure_it_is(name):
    rule = LISTED[name]
    mark = rule.source.split()[0]

    assert mark in {"RC", "BO", "2nd", "mem", "✗"}
    assert (rule.confidence == "confirmed") is (mark == "RC" and "✗" not in rule.source)
    assert rule.cited == (
        rule.article if rule.confidence == "confirmed" else f"{rule.article} (à confirmer)"
    )


def test_two_versions_share_no_day(monkeypatch):
    until = replace(DECREE_2023, until=date(2027, 1, 1))
    after = replace(DECREE_2023, id="MA-next", from_day=date(2027, 1, 1))
    monkeypatch.setattr(versions, "VERSIONS", (until, after))

    assert [version("", date(2026, 12, 31)).id, version("", date(2027, 1, 1)).id] == [
        DECREE_2023.id, "MA-next",
    ]  # fmt: skip
    assert version("MA-next", date(2026, 12, 31)).id == "MA-next"


def test_a_name_that_is_not_there_is_never_replaced_by_the_day():
    with pytest.raises(UnknownRuleVersion):
        version("MA-2-22-431", date(2026, 1, 1))
