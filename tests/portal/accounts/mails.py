"""What was asked to be mailed, as the tests read it."""

import json

from portal import database


async def mails() -> list[tuple[str, str, dict[str, object]]]:
    """Return recipient, template (without its folder) and values of every mail in order."""
    rows = await database.fetch("SELECT recipient, template, details FROM mail ORDER BY created_at")
    return [
        (row["recipient"], row["template"].rpartition("/")[2], json.loads(row["details"]))
        for row in rows
    ]


async def last_token() -> str:
    """Return the token in the link of the last mail."""
    return str((await mails())[-1][2]["link"]).rpartition("/")[2]


async def events() -> list[str]:
    """Return the events of the audit, the oldest first."""
    return [
        row["event"] for row in await database.fetch("SELECT event FROM audit_record ORDER BY seq")
    ]
