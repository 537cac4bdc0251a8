"""Nothing of a suspended organisation is public: every public route is asked."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
from httpx import ASGITransport, AsyncClient

from catalog.actions.files import add_document, add_photo
from catalog.actions.moves import move_device
from catalog.errors import SupplierSuspended
from catalog.queries.devices import device, edition_of
from catalog.queries.lists import public_counts
from catalog.queries.nomenclature import place
from catalog.search import DEVICE_INDEX, SUPPLIER_INDEX
from catalog.states import DeviceState, DocumentKind, Move
from catalog.tables import SupplierProfile
from portal import database
from portal.accounts.actions.organisations import decide
from portal.accounts.queries.organisations import organisation
from portal.accounts.states import OrganisationState
from portal.permissions import PUBLIC
from portal.search.draining import drain
from tests.access import ALLOWED, EVERYBODY
from tests.catalog.devices import actor_for, make_device, make_terms
from tests.people import make_organisation, make_person, sign_in, vera
from tests.portal.documents.files import image, upload
from tests.sources import ROOT
from tests.test_routes import HANDLERS, actions, address

MAKER = "Qamarine"  # in every name that belongs to the organisation, and nowhere else
UDI = "06111234567895"
REASON = "Certificats retirés."


async def judge(maker, person, state: OrganisationState) -> None:
    seen = (await organisation(maker.id)).version
    now = datetime.now(UTC)
    actor = await actor_for(person)
    await decide(maker.id, state, actor=actor, now=now, seen=seen, reason=REASON)


async def index() -> None:
    await drain((DEVICE_INDEX, SUPPLIER_INDEX))


@pytest.fixture
async def world(db):
    """A maker with a published and a retired device, files on it, and a device of another."""
    await make_terms()
    maker = await make_organisation(name=f"{MAKER} (fictif)", name_en=MAKER, name_ar="قمرين")
    member = await make_person(organisation=maker)
    await SupplierProfile.insert(SupplierProfile(organisation_id=maker.id, about_fr=MAKER))
    named = {"name_fr": f"Pompe {MAKER}", "name_en": f"Pump {MAKER}", "brand": MAKER}
    shown = await make_device(maker, summary_fr=f"De {MAKER}", **named)
    kept = await make_device(maker, state=DeviceState.RETIRED, udi_di="04006501000005", **named)
    other = await make_device(await make_organisation(name="Autre (fictif)"), udi_di=None)
    actor = await actor_for(member)
    await add_photo(shown.id, upload(image()), alt={"fr": MAKER}, version=1, actor=actor)
    await add_document(
        shown.id, upload(image("PNG")), kind=DocumentKind.BROCHURE, title=MAKER, language="fr",
        public=True, version=2, actor=actor,
    )  # fmt: skip
    one = await device(shown.id)
    async with database.transaction():
        for row in (shown, kept, other):
            await database.fetch(
                "INSERT INTO search_dirty (index, subject) VALUES ('devices', $1)", row.id
            )
        await database.fetch(
            "INSERT INTO search_dirty (index, subject) VALUES ('suppliers', $1)", maker.id
        )
    await index()
    return {
        "maker": maker, "member": member, "vera": await vera(), "shown": shown, "kept": kept,
        "other": other, "photo": one.photos[0].document_id, "paper": one.documents[0].document_id,
    }  # fmt: skip


def addresses(world) -> list[str]:
    """Return every public address, with the questions that would bring the organisation out."""
    values = {
        "lang": "fr", "organisation_id": world["maker"].id, "code": "Z120301", "width": 320,
        "name": "catalog-1.xml", "file_path": "none",
    }  # fmt: skip
    found = []
    for name, (path, handler) in HANDLERS.items():
        public = ALLOWED.get(name) == EVERYBODY or [one.name for one in actions(handler)] == [
            PUBLIC.name
        ]
        if "GET" not in handler.http_methods or not public:
            continue
        for row in (world["shown"], world["kept"], world["other"]):
            for document in (world["photo"], world["paper"]):
                more = {"handle": str(row.number), "document_id": document}
                found.append(address(path, values | more))
    asked = [
        f"{path}?{query}"
        for path in dict.fromkeys(found)
        if "{" not in path and "/documents/" not in path
        for query in ("q=PM-20", f"code={UDI}", "code=04006501000005", "origin=morocco")
    ]
    by_id = [f"/fr/devices/{world['shown'].id}", f"/api/v1/devices/{world['shown'].id}"]
    return list(dict.fromkeys([*found, *asked, *by_id]))


async def naming(app, world) -> set[str]:
    """Return the public addresses that show something of the organisation.

    Each is asked by another visitor: the process counts requests itself, and lets one ask only so
    many in a minute.
    """
    found = set()
    for number, one in enumerate(addresses(world)):
        visitor = ASGITransport(app=app, client=(f"10.0.{number // 200}.{number % 200}", 1))
        async with AsyncClient(transport=visitor, base_url="http://portal.test") as client:
            answer = await client.get(one, follow_redirects=True)
        assert answer.status_code != 429
        is_file = answer.headers["content-type"].startswith("image/")
        if is_file or MAKER.lower() in (answer.text + str(answer.url)).lower():
            found.add(one)
    return found


async def test_nothing_public_shows_a_suspended_organisation_and_all_does_when_it_is_back(
    app, world
):
    before = await naming(app, world)
    assert {
        f"/fr/devices/{world['shown'].number}", f"/api/v1/devices/{world['shown'].number}",
        f"/fr/devices/{world['kept'].number}", f"/fr/devices/{world['other'].number}",
        f"/fr/suppliers/{world['maker'].id}", f"/api/v1/suppliers/{world['maker'].id}",
        "/fr/devices", "/fr/suppliers", "/api/v1/devices", "/api/v1/suppliers",
        f"/fr/udi?code={UDI}", f"/api/v1/udi?code={UDI}", "/sitemaps/catalog-1.xml",
        "/fr/search?q=PM-20", f"/documents/{world['photo']}",
        f"/documents/{world['photo']}/preview/320", f"/documents/{world['paper']}",
    } <= before  # fmt: skip
    branch = (await place("Z120301")).here
    assert branch is not None
    assert branch.devices == 3

    await judge(world["maker"], world["vera"], OrganisationState.SUSPENDED)
    await index()
    assert await naming(app, world) == set()
    branch = (await place("Z120301")).here
    assert branch is not None
    assert (branch.devices, branch.moroccan) == (1, 1)
    assert await public_counts() == {"moroccan": 1, "reference": 0, "suppliers": 1}

    await judge(world["maker"], world["vera"], OrganisationState.VERIFIED)
    await index()
    assert await naming(app, world) == before


async def test_the_page_says_why_and_the_makers_people_still_read_it(client, world):
    handle = f"/en/devices/{world['shown'].number}"
    await judge(world["maker"], world["vera"], OrganisationState.SUSPENDED)

    for path in (handle, f"/api/v1/devices/{world['shown'].number}"):
        answer = await client.get(path, headers={"accept-language": "en"})
        assert answer.status_code == 404
        assert "the organisation that offers it is suspended" in answer.text
    await sign_in(client, world["member"])
    assert (await client.get(handle)).status_code == 200
    assert (await client.get(f"/documents/{world['paper']}")).status_code == 200


async def test_what_a_reader_has_of_it_is_asked_for_again(client, world):
    paper = await client.get(f"/documents/{world['paper']}")
    assert paper.headers["cache-control"] == "public, max-age=300, must-revalidate"
    shown = await client.get(f"/api/v1/devices/{world['shown'].number}")
    assert shown.headers["cache-control"] == "no-cache"
    await judge(world["maker"], world["vera"], OrganisationState.SUSPENDED)

    for path, had in ((f"/documents/{world['paper']}", paper),
                      (f"/api/v1/devices/{world['shown'].number}", shown)):  # fmt: skip
        again = await client.get(path, headers={"if-none-match": had.headers["etag"]})
        assert again.status_code in {303, 401, 404}


async def test_a_suspension_marks_all_its_devices_for_the_search_in_the_same_transaction(world):
    await judge(world["maker"], world["vera"], OrganisationState.SUSPENDED)

    rows = await database.fetch("SELECT DISTINCT subject FROM search_dirty WHERE index = 'devices'")
    assert {row["subject"] for row in rows} == {world["shown"].id, world["kept"].id}


async def test_a_suspended_organisation_is_not_published_for_and_nobody_slips_through(world):
    waiting = await make_device(world["maker"], state=DeviceState.SUBMITTED, udi_di=None)
    actor = await actor_for(world["vera"])

    done = await asyncio.gather(
        judge(world["maker"], world["vera"], OrganisationState.SUSPENDED),
        move_device(waiting.id, Move.PUBLISH, actor=actor),
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, BaseException)] in (
        [], [SupplierSuspended],
    )  # fmt: skip
    edition = await edition_of(waiting.number)
    assert edition is not None
    assert not edition.is_public
    sent = await make_device(world["maker"], state=DeviceState.SUBMITTED, udi_di=None)
    with pytest.raises(SupplierSuspended):
        await move_device(sent.id, Move.PUBLISH, actor=actor)
    assert await move_device(sent.id, Move.SEND_BACK, actor=actor, reason=REASON) is (
        DeviceState.DRAFT
    )


def test_only_one_module_says_in_sql_which_devices_are_public():
    allowed = {"catalog/queries/visible.py", "catalog/actions/moves.py", "catalog/states.py"}
    wrong = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "catalog").rglob("*.py"))
        if "piccolo_migrations" not in path.parts
        and re.search(r"'(published|retired)'", path.read_text(encoding="utf-8"))
        and path.relative_to(ROOT).as_posix() not in allowed
    ]

    # The importer asks which of its own records to write to, not which are public.
    assert wrong == ["catalog/importers/drafting.py"]
