import pytest

from portal.accounts.passwords import HASHER, hashed, matches, weakness


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("sept chevaux sous la pluie", None),
        ("خمسة أحصنة تحت المطر", None),
        ("onze lettres"[:11], "short"),
        ("passwordpassword", "common"),
        ("123456789012", "common"),
        ("qwertyuiopqwerty", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("fatima zahra!", "common"),
        ("sam@atlas.example", "common"),
        ("x7$" * 100, "long"),
        ("a" * 11 + "é", "common"),
    ],
)
def test_weakness(password, problem):
    assert weakness(password, "Fatima Zahra", "sam@atlas.example") == problem


async def test_a_hash_is_argon2id_and_matches_only_its_password():
    kept = await hashed("sept chevaux sous la pluie")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await matches(kept, "sept chevaux sous la pluie")
    assert not await matches(kept, "sept chevaux sous la neige")
    assert not HASHER.check_needs_rehash(kept)


async def test_a_password_is_the_same_however_its_accents_are_composed():
    kept = await hashed("pre\u0301cieux cheval noir")

    assert await matches(kept, "pr\u00e9cieux cheval noir")


@pytest.mark.parametrize("kept", ["", "nonsense"])
async def test_without_a_hash_nothing_matches(kept):
    assert not await matches(kept, "the password of nobody")
