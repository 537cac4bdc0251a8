"""Access keys: what one looks like, making and revoking them, and their page."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from portal import database
from portal.accounts.actions import keys as actions
from portal.accounts.actions.keys import (
    Wish,
    make_key,
    note_use,
    revoke_all_keys,
    revoke_key,
)
from portal.accounts.actions.privacy import erase, forget_spent_links
from portal.accounts.actions.profile import change_password
from portal.accounts.errors import KeyNotFound, TooManyKeys, WrongCredentials
from portal.accounts.keys import DAYS, FORM, MOST, check_of, new_key, well_formed
from portal.accounts.passwords import matches
from portal.accounts.queries.keys import exported_keys, keys_of, open_key
from portal.accounts.sealing import digest
from portal.logging import ACCESS_KEY, Redaction
from portal.permissions import Actor
from tests.people import PASSWORD, make_person, post, sign_in
from tests.portal.accounts.mails import events, mails

NOW = datetime.now(UTC)
WISH = Wish("Tableau de bord", "Service de réanimation", 90)


async def made(person, **changes):
    return await make_key(person.id, WISH, PASSWORD, now=changes.get("now", NOW))


def test_a_key_is_known_by_its_beginning_and_by_its_end():
    some = {new_key() for _ in range(50)}

    assert len(some) == 50
    assert all(well_formed(one) and FORM.fullmatch(one) and len(one) == 56 for one in some)


def test_the_end_is_computed_in_one_way_for_ever():
    # A scanner has this written down: prefix, 43 letters, CRC-32 to the base 62.
    assert check_of("tajhiz_" + "0" * 43) == "1UBQgY"


@pytest.mark.parametrize("change", [0, 7, 30, 55])
def test_one_wrong_letter_is_no_key(change):
    key = new_key()
    other = "x" if key[change] != "x" else "y"

    assert not well_formed(key[:change] + other + key[change + 1 :])
    assert not well_formed("")


def test_no_log_shows_a_key():
    key = new_key()
    said = Redaction([]).clean(f"GET /fhir/r4/Device?key={key} Authorization: Bearer {key}")

    assert said == "GET /fhir/r4/Device?key=[secret] Authorization: Bearer [secret]"
    assert ACCESS_KEY.fullmatch(key)


async def test_a_key_is_kept_as_its_digest_and_recorded_without_it(db):
    person = await make_person()

    key = await made(person)

    (kept,) = await keys_of(person.id)
    assert (kept.name, kept.ends_at, kept.used_on) == (WISH.name, NOW + timedelta(days=90), None)
    rows = await database.fetch("SELECT t::text AS row FROM access_key t")
    told = await database.fetch("SELECT t::text AS row FROM audit_record t")
    assert key not in str([*rows, *told])
    assert (await open_key(digest(key), NOW)).person_id == person.id
    assert await events() == ["person.key_made"]
    assert [name for _to, name, _values in await mails()] == ["key_made"]


async def test_a_password_that_changes_while_it_is_compared_makes_no_key(db, monkeypatch):
    person = await make_person()

    async def slow(kept, shown):
        right = await matches(kept, shown)
        await database.fetch("UPDATE person SET password_hash = '' WHERE id = $1", person.id)
        return right

    monkeypatch.setattr(actions, "matches", slow)
    with pytest.raises(WrongCredentials):
        await made(person)

    assert await database.fetch("SELECT 1 FROM access_key") == []


async def test_making_a_key_needs_the_password_and_ends_at_twenty(db):
    person = await make_person()
    with pytest.raises(WrongCredentials):
        await make_key(person.id, WISH, "wrong", now=NOW)
    await database.fetch(
        "INSERT INTO access_key (id, person, name, purpose, digest, made_at, ends_at)"
        " SELECT gen_random_uuid(), $1, 'x', '', sha256(n::text::bytea), now(),"
        " now() + interval '1 day' FROM generate_series(1, $2::int) n",
        person.id,
        MOST,
    )
    with pytest.raises(TooManyKeys):
        await made(person)

    async with database.transaction():
        await revoke_all_keys(person.id)
    assert well_formed(await made(person))


async def test_a_revoked_an_ended_and_an_erased_persons_key_open_nothing(db):
    person, other = await make_person(), await make_person()
    key, theirs = await made(person), await made(other)
    (kept,) = await keys_of(person.id)
    with pytest.raises(KeyNotFound):
        await revoke_key(other.id, kept.id, now=NOW)

    assert await open_key(digest(theirs), NOW + timedelta(days=90)) is None
    await revoke_key(person.id, kept.id, now=NOW)
    await revoke_key(person.id, kept.id, now=NOW)
    assert await open_key(digest(key), NOW) is None
    await erase(other.id, actor=Actor(), now=NOW, reason="x")
    assert (await open_key(digest(theirs), NOW), await keys_of(other.id)) == (None, [])
    assert (await events()).count("person.key_revoked") == 1


async def test_another_password_ends_every_key(db):
    person = await make_person()
    key = await made(person)

    await change_password(person.id, old=PASSWORD, new="quatre cigognes sur le minaret")

    assert await open_key(digest(key), NOW) is None


async def test_the_copy_of_ones_data_has_the_keys_and_the_sweep_forgets_them(db):
    person = await make_person()
    await made(person)
    (kept,) = await keys_of(person.id)
    await note_use(kept.id, NOW.date())

    (copy,) = await exported_keys(person.id)
    later = NOW + timedelta(days=90 + 91)
    kept_still = await forget_spent_links(NOW + timedelta(days=90 + 89))

    assert copy == {
        "name": WISH.name, "purpose": WISH.purpose, "made_at": NOW.isoformat(),
        "ends_at": (NOW + timedelta(days=90)).isoformat(), "used_on": NOW.date().isoformat(),
        "revoked_at": None,
    }  # fmt: skip
    assert (kept_still, await forget_spent_links(later), await keys_of(person.id)) == (0, 1, [])


async def test_a_person_makes_sees_once_and_revokes_a_key(client):
    person = await make_person()
    await sign_in(client, person)
    path = "/fr/account/keys"
    typed = {"name": "Tableau <b>", "purpose": "", "days": "30", "password": PASSWORD}

    empty = await client.get(path)
    shown = await post(client, path, **typed)
    key = FORM.search(shown.text)[0]
    listed = await client.get(path)
    (kept,) = await keys_of(person.id)
    gone = await post(client, f"{path}/{kept.id}/revoke")
    after = await client.get(path)

    assert [one.status_code for one in (empty, shown, listed, gone)] == [200, 200, 200, 303]
    assert shown.headers["cache-control"] == "no-store"
    assert f"Authorization: Bearer {key}" in shown.text.replace("&#34;", '"')
    assert re.search(r"https?://[^ ]+/fhir/r4/Device<", shown.text)
    assert "Tableau &lt;b&gt;" in listed.text
    assert (key in listed.text, "/revoke" in listed.text, "/revoke" in after.text) == (
        False, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"days": "31"}, "days"),
        ({"password": "faux"}, "password"),
        ({"name": "a\nb"}, "name"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(client, change, wrong):
    person = await make_person()
    await sign_in(client, person)
    typed = {"name": "Tableau", "purpose": "", "days": str(DAYS[0]), "password": PASSWORD}

    answer = await post(client, "/ar/account/keys", **(typed | change))

    assert (answer.status_code, f'id="{wrong}-error"' in answer.text) == (422, True)
    assert await keys_of(person.id) == []
