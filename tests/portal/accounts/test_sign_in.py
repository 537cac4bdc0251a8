import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from cryptography.fernet import Fernet

from portal.accounts.actions.second_factor import (
    pending_secret,
    renew_recovery_codes,
    switch_off,
    switch_on,
)
from portal.accounts.actions.sign_in import check_code, check_password
from portal.accounts.errors import AlreadyProtected, WrongCode, WrongCredentials
from portal.accounts.tables import Person, RecoveryCode
from tests.people import PASSWORD, make_person
from tests.portal.accounts.mails import events, mails

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def protected_person():
    """Return a person with a second factor, its secret and the recovery codes."""
    person = await make_person()
    secret = await pending_secret(person.id)
    codes = await switch_on(person.id, pyotp.TOTP(secret).at(NOW), now=NOW)
    return person, secret, codes


async def test_check_password_recognises(db):
    person = await make_person("sam@atlas.example")

    known = await check_password("sam@atlas.example", PASSWORD, now=NOW)

    assert (known.person_id, known.confirmed, known.protected) == (person.id, True, False)


@pytest.mark.parametrize(
    ("email", "password"),
    [("sam@atlas.example", "wrong"), ("zoe@atlas.example", PASSWORD), ("", "")],
)
async def test_check_password_refuses(db, email, password):
    await make_person("sam@atlas.example")

    with pytest.raises(WrongCredentials):
        await check_password(email, password, now=NOW)


async def test_check_password_refuses_an_erased_person(db):
    await make_person("sam@atlas.example", erased_at=NOW)

    with pytest.raises(WrongCredentials):
        await check_password("sam@atlas.example", PASSWORD, now=NOW)


async def test_a_failed_attempt_stands_in_the_audit(db):
    await make_person("sam@atlas.example")

    with pytest.raises(WrongCredentials):
        await check_password("sam@atlas.example", "wrong", now=NOW)

    assert await events() == ["person.sign_in_failed"]


async def test_switch_on_keeps_the_secret_encrypted_and_the_codes_as_digests(db):
    person, secret, codes = await protected_person()

    kept = await Person.objects().get(Person.id == person.id)
    digests = await RecoveryCode.objects()
    assert secret.encode() not in kept.totp_secret
    assert kept.totp_pending is None
    assert len(set(codes)) == len(digests) == 10
    assert [template for _, template, _ in await mails()] == ["protected"]


async def test_the_secret_to_scan_stays_the_same_until_it_is_proven(db):
    person = await make_person()

    assert await pending_secret(person.id) == await pending_secret(person.id)


async def test_switch_on_refuses_a_wrong_code_and_a_second_time(db):
    person = await make_person()
    secret = await pending_secret(person.id)
    with pytest.raises(WrongCode):
        await switch_on(person.id, "000000", now=NOW - timedelta(days=365 * 50))
    await switch_on(person.id, pyotp.TOTP(secret).at(NOW), now=NOW)

    with pytest.raises(AlreadyProtected):
        await switch_on(person.id, pyotp.TOTP(secret).at(NOW), now=NOW)
    with pytest.raises(AlreadyProtected):
        await pending_secret(person.id)


async def test_a_code_is_accepted_once(db):
    person, secret, _ = await protected_person()
    later = NOW + timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(later)

    assert await check_code(person.id, code, now=later) == "code"
    with pytest.raises(WrongCode):
        await check_code(person.id, code, now=later)


async def test_the_code_that_switched_it_on_does_not_sign_in(db):
    person, secret, _ = await protected_person()

    with pytest.raises(WrongCode):
        await check_code(person.id, pyotp.TOTP(secret).at(NOW), now=NOW)


async def test_of_two_browsers_with_the_same_code_one_gets_in(db):
    person, secret, _ = await protected_person()
    later = NOW + timedelta(minutes=2)
    code = pyotp.TOTP(secret).at(later)

    answers = await asyncio.gather(
        *(check_code(person.id, code, now=later) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["WrongCode", "str"]


async def test_a_recovery_code_lets_in_once_however_it_is_typed(db):
    person, _, codes = await protected_person()

    assert await check_code(person.id, codes[0].lower().replace("-", " "), now=NOW) == "recovery"
    with pytest.raises(WrongCode):
        await check_code(person.id, codes[0], now=NOW)
    assert await check_code(person.id, codes[1], now=NOW) == "recovery"


async def test_the_recovery_codes_of_another_do_not_let_in(db):
    person, _, _ = await protected_person()
    _, _, others = await protected_person()

    with pytest.raises(WrongCode):
        await check_code(person.id, others[0], now=NOW)


async def test_new_recovery_codes_end_the_old_ones(db):
    person, _, codes = await protected_person()

    fresh = await renew_recovery_codes(person.id, PASSWORD)

    with pytest.raises(WrongCode):
        await check_code(person.id, codes[0], now=NOW)
    assert await check_code(person.id, fresh[0], now=NOW) == "recovery"


async def test_switch_off_needs_the_password(db):
    person, _, _ = await protected_person()

    with pytest.raises(WrongCredentials):
        await switch_off(person.id, "wrong")
    await switch_off(person.id, PASSWORD)

    kept = await Person.objects().get(Person.id == person.id)
    assert (kept.totp_secret, await RecoveryCode.count()) == (None, 0)


async def test_after_a_change_of_the_secret_key_a_code_is_wrong_instead_of_a_fault(db):
    person = await make_person(totp_secret=Fernet(Fernet.generate_key()).encrypt(b"another"))

    with pytest.raises(WrongCode):
        await check_code(person.id, "123456", now=NOW)
