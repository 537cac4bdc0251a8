import os
import subprocess
import sys
from pathlib import Path

from portal.accounts.tables import MembershipRow, Organisation, Person
from tests.people import PASSWORD, make_person

ROOT = Path(__file__).parents[3]


def tajhiz(*arguments):
    """Run the command line as somebody at the machine does."""
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", "accounts", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


def added(email="vera@autorite.example", password=PASSWORD):
    return tajhiz(
        *("add", "--email", email, "--name", "Vera", "--organisation", "Autorité (fictive)"),
        *("--password", password),
    )


async def test_add_makes_the_first_authority(db):
    done = added()

    assert (done.returncode, done.stderr) == (0, "")
    person, organisation = await Person.objects().first(), await Organisation.objects().first()
    member = await MembershipRow.objects().first()
    assert person.email_confirmed_at is not None
    assert (organisation.kind, organisation.state) == ("authority", "verified")
    assert (member.person, member.role) == (person.id, "admin")


async def test_add_refuses_what_is_known_weak_or_wrong(db):
    await make_person("vera@autorite.example")

    answers = [added(), added("new@autorite.example", "short"), added("nonsense")]

    assert [one.returncode for one in answers] == [1, 1, 2]
    assert [one.stderr.splitlines()[-1] for one in answers] == [
        "Error: vera@autorite.example has an account already.",
        "Error: Choose a longer password: at least 12 characters. A sentence works well.",
        "Error: Invalid value for '--email': write an e-mail address such as name@example.ma",
    ]
    assert (await Person.count(), await Organisation.count()) == (1, 0)


async def test_unlock_switches_the_second_factor_off(db):
    person = await make_person("sam@atlas.example", totp_secret=b"sealed")

    first = tajhiz("unlock", "--email", "sam@atlas.example")
    second = tajhiz("unlock", "--email", "sam@atlas.example")

    assert (first.returncode, second.returncode) == (0, 1)
    assert (await Person.objects().get(Person.id == person.id)).totp_secret is None
