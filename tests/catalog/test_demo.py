"""The demonstration: complete, fictional and said so, loaded once and in a moment."""

import time

import pytest

from catalog.actions.attributes import definitions
from catalog.demo import ACCOUNTS, load_demo
from catalog.demo.reading import devices, organisations, people, terms
from catalog.demo.rows import LIVES, boxed
from catalog.rules.identifiers import is_gtin
from catalog.states import DeviceState, Maturity, OriginLevel, Registration, RiskClass
from catalog.tables import DeviceModel
from portal import database
from portal.accounts.passwords import matches
from portal.permissions import OrganisationKind, Role

MARK = ("fictif", "fictive", "وهم", "fictional")


async def contents() -> dict[str, int]:
    tables = (
        "organisation", "person", "membership", "device_model", "device_variant", "packaging",
        "device_attribute", "device_move", "emdn_term", "attribute_definition", "supplier_profile",
        "audit_record",
    )  # fmt: skip
    return {
        table: (await database.fetch(f"SELECT count(*) AS n FROM {table}"))[0]["n"]
        for table in tables
    }


async def test_load_demo_can_be_repeated_and_is_quick(db):
    began = time.monotonic()
    await load_demo()
    first = await contents()
    await load_demo()

    assert time.monotonic() - began < 20  # idle: a quarter of a second
    assert await contents() == first
    assert (first["organisation"], first["device_model"]) == (len(organisations()), len(devices()))


async def test_load_demo_gives_everybody_a_trail(db):
    await load_demo()

    counted = await database.fetch("SELECT event, count(*) AS n FROM audit_record GROUP BY event")
    moves = sum(len(LIVES[DeviceState(one.state)]) for one in devices())
    assert {row["event"]: row["n"] for row in counted} == {
        "demo.loaded": 1,
        "device.moved": moves,
        "device.registered": len(devices()),
        "organisation.registered": len(organisations()),
    }


async def test_load_demo_overwrites_nothing(db):
    await load_demo()
    await database.fetch("UPDATE device_model SET name_fr = 'Mine' WHERE reference = 'TM-12'")
    await load_demo()

    one = await DeviceModel.select().where(DeviceModel.reference == "TM-12").first()
    assert one is not None
    assert one["name_fr"] == "Mine"


async def test_every_account_signs_in_with_the_password_shown(db):
    await load_demo()

    for account in ACCOUNTS:
        rows = await database.fetch(
            "SELECT password_hash FROM person WHERE email = $1", account.email
        )
        assert await matches(rows[0]["password_hash"], account.password)


async def test_the_search_is_told_of_everything(db):
    await load_demo()

    rows = await database.fetch("SELECT index, count(*) AS n FROM search_dirty GROUP BY 1")
    assert {row["index"]: row["n"] for row in rows} == {
        "devices": len(devices()), "suppliers": len(organisations()),
    }  # fmt: skip


def test_every_organisation_says_in_each_language_that_it_is_fictional():
    for one in organisations().values():
        assert all(any(mark in one[language] for mark in MARK) for language in ("fr", "ar", "en"))


def test_every_person_says_that_it_is_fictional():
    for one in people().values():
        assert any(mark in one["name"] for mark in MARK)
        assert Role(one.get("role", "viewer"))


def test_there_is_an_organisation_of_every_kind():
    kinds = {one["kind"] for one in organisations().values()}

    assert kinds == {kind.value for kind in OrganisationKind}


def test_the_makers_are_spread_over_the_country():
    regions = {
        one["province"][:2] for one in organisations().values() if one["kind"] == "manufacturer"
    }

    assert len(regions) >= 9


@pytest.mark.parametrize("one", devices(), ids=lambda one: one.reference)
def test_every_device_is_complete(one):
    known = {term.code: term for term in terms()}

    assert known[one.emdn].terminal
    assert RiskClass(one.risk_class)
    assert Registration(one.registration)
    assert Maturity(one.maturity)
    assert OriginLevel(one.origin_level)
    assert all(one.names)
    assert all(one.summaries)
    assert all(one.purposes)
    assert any("\u0600" <= sign <= "\u06ff" for sign in one.names[1])
    assert one.price[0] <= one.price[1]
    assert set(one.facts) <= set(definitions())
    assert one.variants


def test_identifiers_check_are_unique_and_stand_in_the_block_of_the_demonstration():
    codes = [variant.udi_di for one in devices() for variant in one.variants]
    boxes = [boxed(code) for code in codes]

    assert all(is_gtin(code) for code in codes + boxes)
    assert len({*codes, *boxes}) == 2 * len(codes)
    assert all(code.startswith("061199") for code in codes)


def test_every_state_and_an_expired_registration_are_shown():
    assert {one.state for one in devices()} == {state.value for state in DeviceState}
    assert {one.registration for one in devices()} >= {"registered", "expired", "none"}
    assert {one.origin_level for one in devices()} >= {"declared", "documented", "verified"}


def test_every_code_has_its_ancestors():
    codes = {term.code for term in terms()}

    assert {term.parent for term in terms() if term.parent} <= codes
