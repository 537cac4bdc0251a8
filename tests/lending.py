"""Who still holds a connection of the pool: at the end of a test nobody may."""

import asyncio

STEP_S = 0.05
STEPS = 400  # what a test left running may still be ending, on a busy machine


def lent() -> int:
    """Return how many connections somebody holds."""
    from portal.database import DB

    assert DB.pool is not None
    return DB.pool.get_size() - DB.pool.get_idle_size()


async def all_given_back() -> None:
    """Return when every connection is back in the pool.

    Raises:
        AssertionError: one was never given back; in production a few of them stop a process.
    """
    for _ in range(STEPS):
        if not lent():
            return
        await asyncio.sleep(STEP_S)
    raise AssertionError(f"{lent()} connections were never given back")
