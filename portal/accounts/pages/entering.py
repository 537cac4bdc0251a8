"""What registration, sign-in and invitations share: the cookie, and the limits on guessing."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from portal.accounts.errors import TooManyAttempts
from portal.accounts.identity import browser_of, give_cookie, session_of, sessions_of
from portal.accounts.sealing import digest
from portal.web.address import local_path
from portal.web.limits import Limit, seconds_to_wait, too_many

# Wide enough that an attacker cannot lock somebody out from one address (which has its own, lower
# limit), and far too narrow to guess a password of twelve characters.
ACCOUNT = Limit("account", 100, 3600)
CODE = Limit("code", 10, 3600)  # a million codes, three of them right at any time
# Mails to strangers in the name of an organisation that says what it likes about itself.
INVITATIONS = Limit("invitations", 50, 3600)
EMAIL_CHANGES = Limit("email-changes", 5, 3600)
ANSWER_AFTER_S = 0.25
LANGUAGE_COOKIE_S = 365 * 24 * 3600


@asynccontextmanager
async def same_time() -> AsyncIterator[None]:
    """Answer after the same time, whether or not an address was known and a mail written."""
    begun = time.monotonic()
    try:
        yield
    finally:
        await asyncio.sleep(max(0.0, ANSWER_AFTER_S - (time.monotonic() - begun)))


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


async def check_limit(request: Request[Any, Any, Any], limit: Limit, key: str) -> None:
    """Count one attempt on an account.

    Raises:
        TooManyAttempts: there were too many in the last hour.
    """
    hidden = digest(key).hex()[:32]  # no e-mail address stands in Valkey
    if await seconds_to_wait(request.app.state.valkey, limit, hidden, time.time()):
        raise TooManyAttempts


async def check_mails(
    request: Request[Any, Any, Any], person_id: object, limit: Limit = INVITATIONS
) -> None:
    """Count one more mail this person sends; refuse it when there were many this hour."""
    key = str(person_id)
    wait = await seconds_to_wait(request.app.state.valkey, limit, key, time.time())
    if wait:
        raise too_many(wait)


async def enter(
    request: Request[Any, Any, Any], person_id: UUID, target: str, *, complete: bool = True
) -> Redirect:
    """Open a new session, which ends the browser's old one, and go to ``target``."""
    sessions = sessions_of(request)
    old = session_of(request)
    if old is not None:
        await sessions.close(old.person_id, old.key)
    token = await sessions.open(person_id, browser_of(request), now(), complete=complete)
    response = Redirect(target, status_code=HTTP_303_SEE_OTHER)
    give_cookie(request, response, token)
    return response


async def rotate(request: Request[Any, Any, Any], response: Any) -> None:
    """Give this browser a new session and end every other one, after a change of credentials."""
    session = session_of(request)
    assert session is not None, "the guard let only signed-in people through"
    sessions = sessions_of(request)
    await sessions.close_all(session.person_id)
    token = await sessions.open(session.person_id, browser_of(request), now())
    give_cookie(request, response, token)


def remember_language(response: Any, code: str, *, secure: bool) -> None:
    """Keep the chosen language in the browser."""
    response.set_cookie(
        "language",
        code,
        path="/",
        max_age=LANGUAGE_COOKIE_S,
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def next_page(value: str | None, language: str) -> str:
    """Return where to go after signing in: a path of this site, or home."""
    return local_path(value or "", f"/{language}")
