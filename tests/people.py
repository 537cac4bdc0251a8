"""People and organisations for tests. The name is the role: mia and noa buy for one hospital,
sam manufactures, vera verifies, zoe is a stranger to everybody."""

from datetime import UTC, datetime
from itertools import count

from httpx import AsyncClient, Response
from valkey.asyncio import Valkey

from portal.accounts.passwords import HASHER
from portal.accounts.sessions import Browser, Sessions
from portal.accounts.states import OrganisationState
from portal.accounts.tables import MembershipRow, Organisation, Person
from portal.permissions import OrganisationKind, Role
from portal.settings import get_settings

PASSWORD = "sept chevaux sous la pluie"
HASH = HASHER.hash(PASSWORD)  # once: it is slow on purpose
NUMBERS = count(1)


async def make_organisation(
    kind: OrganisationKind = OrganisationKind.MANUFACTURER,
    *,
    verified: bool = True,
    name: str = "Atlas Dispositifs (fictif)",
    **columns: object,
) -> Organisation:
    values: dict[str, object] = {
        "kind": kind,
        "other_kinds": [],
        "name_fr": name,
        "state": OrganisationState.VERIFIED if verified else OrganisationState.REGISTERED,
        "verified_at": datetime.now(UTC) if verified else None,
        "fictional": True,
    }
    organisation = Organisation(**{**values, **columns})
    await organisation.save()
    return organisation


async def make_person(
    email: str | None = None,
    *,
    organisation: Organisation | None = None,
    role: Role = Role.ADMIN,
    name: str = "Sam",
    confirmed: bool = True,
    **columns: object,
) -> Person:
    values: dict[str, object] = {
        "email": email or f"person-{next(NUMBERS)}@tajhiz.example",
        "name": name,
        "password_hash": HASH,
        "email_confirmed_at": datetime.now(UTC) if confirmed else None,
    }
    person = Person(**{**values, **columns})
    await person.save()
    if organisation is not None:
        await make_member(person, organisation, role)
    return person


async def make_member(person: Person, organisation: Organisation, role: Role) -> MembershipRow:
    row = MembershipRow(person=person.id, organisation=organisation.id, role=role)
    await row.save()
    return row


async def mia(name: str = "CHU des Orangers (fictif)") -> Person:
    hospital = await make_organisation(OrganisationKind.BUYER, name=name)
    return await make_person("mia@hopital.example", organisation=hospital, name="Mia")


async def sam() -> Person:
    maker = await make_organisation(OrganisationKind.MANUFACTURER)
    return await make_person("sam@atlas.example", organisation=maker, name="Sam")


async def vera() -> Person:
    authority = await make_organisation(OrganisationKind.AUTHORITY, name="Autorité (fictive)")
    return await make_person("vera@autorite.example", organisation=authority, name="Vera")


async def zoe() -> Person:
    return await make_person("zoe@ailleurs.example", name="Zoé")


async def organisation_of(person: Person) -> Organisation:
    row = await MembershipRow.objects().where(MembershipRow.person == person.id).first()
    assert row is not None
    found = await Organisation.objects().get(Organisation.id == row.organisation)
    assert found is not None
    return found


async def sign_in(client: AsyncClient, person: Person, *, agent: str = "tests") -> AsyncClient:
    """Give the browser a session of this person, without going through the pages."""
    async with Valkey.from_url(get_settings().valkey_url.get_secret_value()) as valkey:
        token = await Sessions.of(valkey, get_settings()).open(
            person.id, Browser(agent, "127.0.0.1"), datetime.now(UTC)
        )
    bring_back(client, token)
    return client


def bring_back(client: AsyncClient, token: str) -> None:
    """Give the browser this session's token, in the place of the one it had."""
    for cookie in [one for one in client.cookies.jar if one.name == "session"]:
        client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    client.cookies.set("session", token, domain=client.base_url.host, path="/")


async def sign_out(client: AsyncClient) -> None:
    """Forget the session, without going through the pages."""
    client.cookies.delete("session")


async def post(client: AsyncClient, path: str, **values: object) -> Response:
    """Send a form as a browser does: with the token of its cookie."""
    if "csrf" not in client.cookies:
        await client.get("/fr")
    return await client.post(path, data={"_csrf_token": client.cookies["csrf"], **values})
