"""Telling verifiers what came to wait for them: one mail for all of it, not one for each."""

from datetime import UTC, datetime, timedelta

from portal import database
from portal.accounts.identity import actor_with
from portal.accounts.links import page_link
from portal.accounts.queries.waiting import Verifier, verifiers_told_before
from portal.notifications.actions import inform, notify
from portal.package import Waiting, load
from portal.settings import get_settings
from portal.web.i18n import day, language

# The first submission after a quiet time is told within minutes, the next ones together.
TELL_EVERY = timedelta(hours=4)


async def tell_verifiers(now: datetime) -> int:
    """Tell each verifier for whom something came since the last time; return how many were told."""
    people = await verifiers_told_before(now - TELL_EVERY)
    return sum([await _tell(one, now) for one in people])


async def _tell(one: Verifier, now: datetime) -> bool:
    found = await _waiting_for(one)
    if not any(part.new for part in found):
        return False
    async with database.transaction():
        told = await database.fetch(
            "UPDATE person SET told_waiting_at = $2 WHERE id = $1"
            " AND told_waiting_at IS NOT DISTINCT FROM $3 RETURNING id",
            one.id,
            now,
            one.told_waiting_at,
        )
        if not told:
            return False  # another worker told them
        await _write(one, [part for part in found if part.count])
    return True


async def _waiting_for(one: Verifier) -> list[Waiting]:
    actor = await actor_with(one.id)
    since = one.told_waiting_at or datetime.fromtimestamp(0, UTC)
    packages = load(get_settings().packages)
    return [await package.waiting(actor, since) for package in packages if package.waiting]


def _day(moment: datetime, code: str) -> str:
    """Return a day as the reader writes it: no request has chosen the language here."""
    before = language.set(code)
    try:
        return day(moment)
    finally:
        language.reset(before)


async def _write(one: Verifier, found: list[Waiting]) -> None:
    for part in found:
        if part.new:
            await inform(one.id, part.text, route=part.route, count=part.count)
    await notify(
        one.email,
        template="accounts/mail/waiting",
        language=one.language,
        name=one.name,
        hours=int(TELL_EVERY.total_seconds() // 3600),
        waiting=[
            {
                "text": part.text,
                "count": part.count,
                "new": part.new,
                "oldest": _day(part.oldest, one.language) if part.oldest else "",
                "link": page_link(part.path, one.language),
            }
            for part in found
        ],
    )
