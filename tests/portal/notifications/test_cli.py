import subprocess
import sys

from portal import database
from portal.notifications.actions import notify


def mail(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "mail", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


async def test_failed_mail_is_listed_and_sent_again(db):
    failed = await notify("mia@hospital.example", template="a/b", language="fr")
    await notify("noa@hospital.example", template="a/b", language="fr")
    await database.fetch(
        "UPDATE mail SET state = 'failed', attempts = 8, last_error = 'no room' WHERE id = $1",
        failed,
    )

    assert mail("status") == (0, f"created\t1\nfailed\t1\n{failed}\ta/b\t8\tno room\n")
    assert mail("retry", str(failed)) == (0, "1 will be sent again.\n")
    assert mail("retry") == (0, "0 will be sent again.\n")
    assert mail("status") == (0, "created\t2\n")
