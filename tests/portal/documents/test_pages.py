import pytest

from portal.documents.actions import set_public, store_upload
from portal.documents.kinds import IMAGES, PDF
from portal.permissions import Actor, OrganisationKind
from tests.people import make_organisation, make_person, mia, sign_in, vera
from tests.portal.documents.files import image, pdf, upload


@pytest.fixture
async def maker(db):
    return await make_organisation(OrganisationKind.MANUFACTURER)


async def kept(maker, data: bytes, name: str, *, public: bool = False) -> str:
    id_ = await store_upload(
        upload(data, name),
        organisation_id=maker.id,
        actor=Actor(),
        kinds=IMAGES | PDF,
        public=public,
    )
    return f"/documents/{id_}"


async def test_a_public_document_is_sent_to_anybody_to_be_saved(client, maker):
    address = await kept(maker, pdf(), "fiche é.pdf", public=True)

    answer = await client.get(address)

    assert (answer.status_code, answer.content) == (200, pdf())
    assert answer.headers["content-type"] == "application/pdf"
    assert (
        answer.headers["content-disposition"] == "attachment; filename*=UTF-8''fiche%20%C3%A9.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "public, no-cache"


async def test_a_private_document_is_for_its_organisation_and_those_who_verify(client, maker):
    address = await kept(maker, pdf(), "a.pdf")
    sam = await make_person(organisation=maker)

    stranger = await client.get(address)
    assert stranger.status_code in {303, 401}  # to the sign-in page

    for person, status in ((sam, 200), (await vera(), 200), (await mia(), 403)):
        await sign_in(client, person)
        answer = await client.get(address)
        assert answer.status_code == status
    await sign_in(client, sam)
    assert (await client.get(address)).headers["cache-control"] == "private, no-cache"


async def test_a_browser_that_has_it_is_not_sent_it_again(client, maker):
    address = await kept(maker, image(), "a.png", public=True)
    first = await client.get(address)

    again = await client.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_a_private_document_is_not_confirmed_to_who_may_not_read_it(client, maker):
    address = await kept(maker, image(), "a.png")
    await sign_in(client, await make_person(organisation=maker))
    etag = (await client.get(address)).headers["etag"]

    await sign_in(client, await mia())
    answer = await client.get(address, headers={"If-None-Match": etag})

    assert answer.status_code == 403


async def test_an_image_is_shown_in_two_widths(client, maker):
    address = await kept(maker, image("JPEG", (1200, 800)), "a.jpg", public=True)

    assert (await client.get(address)).headers["content-disposition"] == (
        "inline; filename*=UTF-8''a.jpg"
    )
    small = await client.get(f"{address}/preview/320")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    assert (await client.get(f"{address}/preview/321")).status_code == 404


async def test_what_does_not_exist_is_not_found(client, maker):
    assert (await client.get(f"/documents/{maker.id}")).status_code == 404
    address = await kept(maker, pdf(), "a.pdf", public=True)
    assert (await client.get(f"{address}/preview/320")).status_code == 404
    await set_public([], public=True)
