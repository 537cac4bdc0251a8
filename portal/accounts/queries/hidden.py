"""Which organisations the public is spared, as one condition for every public statement."""

from uuid import UUID

from portal import database

# Suspended, or refused after having been verified once: nobody vouches for them any more, nor do
# they vouch for themselves by asking again. The list is short and does not depend on the row, so
# PostgreSQL reads it once for a whole statement.
HIDDEN = (
    "ARRAY(SELECT id FROM organisation"
    " WHERE state = 'suspended' OR withdrawn_at IS NOT NULL ORDER BY id)"
)


def of_shown(column: str) -> str:
    """Return the SQL condition « belongs to nobody, or to an organisation everybody may see ».

    It is asked of the organisation itself each time and kept in no copy, so that a suspension, and
    its end, hold for everything at the moment they commit.
    """
    return f"({column} IS NULL OR {column} <> ALL ({HIDDEN}))"


async def stays_shown(organisation_id: UUID) -> bool:
    """Say whether an organisation is not hidden, and keep it so until the transaction ends.

    Whoever suspends it meanwhile waits. The state is read by a statement of its own: the one that
    waited for the lock still sees the time before.
    """
    await database.fetch("SELECT 1 FROM organisation WHERE id = $1 FOR SHARE", organisation_id)
    rows = await database.fetch(f"SELECT {of_shown('$1::uuid')} AS shown", organisation_id)
    return bool(rows[0]["shown"])
