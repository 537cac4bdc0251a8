"""A program that shows a person's key: let in as that person, or told why not."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection

from portal.accounts import keys
from portal.accounts.actions.keys import note_use
from portal.accounts.errors import KeyRefused
from portal.accounts.queries.keys import OpenKey, open_key
from portal.accounts.sealing import digest
from portal.permissions import Actor
from portal.web.client import client_address, subscriber
from portal.web.i18n import CASABLANCA
from portal.web.limits import Limit, Tally, seconds_to_wait, too_many

USES = Limit("access-key", 600, 60)
GUESSES = Limit("wrong-access-keys", 30, 60)  # a minute and subscriber
_uses = Tally(USES)


async def admit(connection: ASGIConnection[Any, Any, Any, Any], shown: str) -> OpenKey:
    """Return the key that is shown, if it opens.

    Raises:
        KeyRefused: there is no such key, it has ended, or it was revoked.
        TooManyRequestsException: it comes too often, or wrong ones come from this address.
    """
    now = datetime.now(UTC)
    found = await open_key(digest(shown), now) if keys.well_formed(shown) else None
    if found is None:
        raise await _refused(connection)
    wait = await _uses.seconds_to_wait(connection.app.state.valkey, str(found.id), time.time())
    if wait:
        raise too_many(wait)
    today = now.astimezone(CASABLANCA).date()
    if found.used_on != today:
        await note_use(found.id, today)
    return found


async def _refused(connection: ASGIConnection[Any, Any, Any, Any]) -> Exception:
    """Count a wrong key and return the refusal."""
    state = connection.app.state
    sender = subscriber(client_address(connection.scope, state.settings.trusted_proxies))
    wait = await seconds_to_wait(state.valkey, GUESSES, sender, time.time())
    return too_many(wait) if wait else KeyRefused()


def narrowed(actor: Actor, key: OpenKey) -> Actor:
    """Return the person as a program may act for them: for no organisation that is held back.

    Raises:
        KeyRefused: all of their organisations are.
    """
    left = tuple(one for one in actor.memberships if one.organisation_id not in key.held)
    if not actor.signed_in or (actor.memberships and not left):
        raise KeyRefused
    return replace(actor, memberships=left)
