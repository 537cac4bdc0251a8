"""Confirming an address, or saying that it was somebody else who registered with it.

Whoever reads the mail has the link; only who registered knows the password. Both are asked for,
so that nobody confirms an account that a stranger opened with their address.
"""

from datetime import datetime
from uuid import UUID

from portal import database
from portal.accounts.actions.links import spend_link
from portal.accounts.actions.privacy import forget_registration
from portal.accounts.errors import WrongPassword
from portal.accounts.passwords import matches
from portal.accounts.queries.confirming import registration_of
from portal.accounts.tables import Person
from portal.audit.actions import record
from portal.permissions import Actor


async def confirm_email(token: str, password: str, *, now: datetime) -> UUID:
    """Confirm the address a link was sent to, and return whose it is.

    Raises:
        LinkSpent: the link cannot be used.
        WrongPassword: it is not the password chosen at the registration; the link stays good.
    """
    waiting = await registration_of(token, now)
    if not await matches(waiting.password_hash, password):
        raise WrongPassword
    async with database.transaction():
        person_id = await spend_link(token, "confirm", now)
        await Person.update({Person.email_confirmed_at: now}).where(Person.id == person_id)
        await record("person.confirmed", subject=("person", person_id), actor=Actor(person_id))
    return person_id


async def disown(token: str, *, now: datetime) -> None:
    """Erase a registration that the owner of the address did not make.

    Raises:
        LinkSpent: the link cannot be used.
    """
    await registration_of(token, now)
    async with database.transaction():
        person_id = await spend_link(token, "confirm", now)
        await record("person.disowned", subject=("person", person_id), actor=Actor())
    await forget_registration(person_id, now, "disowned")
