"""What changed and has to be indexed again, written with the change itself."""

from collections.abc import Sequence
from uuid import UUID

from portal import database


async def mark_dirty(index: str, ids: Sequence[UUID]) -> None:
    """Have these subjects of ``index`` indexed again, in the transaction of their change.

    The worker does it within seconds of the commit, and again if it dies in between. A subject
    that is gone, or no longer public, is marked in the same way.
    """
    if ids:
        await database.fetch(
            "INSERT INTO search_dirty (index, subject) SELECT $1, unnest($2::uuid[])",
            index,
            list(ids),
        )
