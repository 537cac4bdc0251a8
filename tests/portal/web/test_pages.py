import json
import re

import pytest

from tests.people import make_organisation, make_person, sign_in

PAGES = ["", "/about", "/accessibility", "/legal", "/privacy", "/terms", "/components"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("code", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("en", "ltr")])
async def test_pages_answer_in_their_language_and_direction(client, path, code, direction):
    answer = await client.get(f"/{code}{path}")

    assert answer.status_code == 200
    assert f'<html lang="{code}" dir="{direction}">' in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
async def test_no_id_is_given_twice_on_a_page(client, path):
    ids = re.findall(r'\sid="([^"]+)"', (await client.get(f"/fr{path}")).text)

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("cookies", "accept", "home"),
    [
        ({}, "", "/fr"),
        ({}, "ar-MA,ar;q=0.9,fr;q=0.8", "/ar"),
        ({}, "de,en;q=0.5", "/en"),
        ({}, "de;q=x,*", "/fr"),
        ({"language": "en"}, "ar", "/en"),
        ({"language": "xx"}, "ar", "/ar"),
    ],
)
async def test_the_address_without_a_language_goes_to_the_persons_own(
    client, cookies, accept, home
):
    client.cookies.update(cookies)

    answer = await client.get("/", headers={"Accept-Language": accept})

    assert (answer.status_code, answer.headers["location"]) == (302, home)


async def test_the_language_of_the_last_page_is_remembered(client):
    await client.get("/ar")

    answer = await client.get("/", headers={"Accept-Language": "en"})

    assert answer.headers["location"] == "/ar"


async def test_the_language_switch_keeps_the_page_and_its_query(client):
    answer = await client.get("/fr/components?sort=-name&page=2")

    switch = re.findall(r'<li><a href="([^"]+)" lang="(\w\w)"', answer.text)
    assert switch == [
        ("/fr/components?sort=-name&amp;page=2", "fr"),
        ("/ar/components?sort=-name&amp;page=2", "ar"),
        ("/en/components?sort=-name&amp;page=2", "en"),
    ]


async def test_pages_name_their_canonical_address_and_their_translations(client):
    answer = await client.get("/fr/about?utm=1")

    links = re.findall(
        r'<link rel="(canonical|alternate)"(?: hreflang="([\w-]+)")? href="([^"]+)"', answer.text
    )
    base = "http://localhost:8000"
    assert links == [
        ("canonical", "", f"{base}/fr/about"),
        ("alternate", "fr", f"{base}/fr/about"),
        ("alternate", "ar", f"{base}/ar/about"),
        ("alternate", "en", f"{base}/en/about"),
        ("alternate", "x-default", f"{base}/fr/about"),
    ]


async def test_home_describes_itself_to_search_engines(client):
    answer = await client.get("/en")

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text)
    assert found is not None
    assert json.loads(found[1]) == {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Tajhiz",
        "url": "http://localhost:8000",
        "inLanguage": ["fr", "ar", "en"],
    }


async def test_live_regions_are_there_before_anything_happens(client):
    page = (await client.get("/fr")).text

    assert re.search(r'<div id="flash"[^>]* role="alert"></div>', page)
    assert re.search(r'<div id="status"[^>]* aria-live="polite"', page)


@pytest.mark.parametrize(
    ("theme", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("", ""), ("x", "")],
)
async def test_the_appearance_is_remembered(client, theme, attribute):
    await client.get("/fr")
    data = {"theme": theme, "next": "/fr", "_csrf_token": client.cookies["csrf"]}

    await client.post("/fr/appearance", data=data)

    assert f'<html lang="fr" dir="ltr"{attribute}>' in (await client.get("/fr")).text


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", ""]
)
async def test_nobody_is_sent_to_another_site(client, target):
    await client.get("/fr")
    data = {"theme": "dark", "next": target, "_csrf_token": client.cookies["csrf"]}

    answer = await client.post("/fr/appearance", data=data)

    assert answer.headers["location"] == "/fr"


async def test_pages_for_a_known_person_are_not_kept_and_show_their_account(client):
    sam = await make_person(organisation=await make_organisation(), name="Sam <b>")
    await sign_in(client, sam)

    answer = await client.get("/fr")

    assert answer.headers["cache-control"] == "no-store"
    assert '<span dir="auto">Sam &lt;b&gt;</span>' in answer.text
    assert "Se déconnecter" in answer.text


async def test_home_offers_a_known_person_only_what_they_may_do(client):
    before = (await client.get("/en")).text
    await sign_in(client, await make_person(organisation=await make_organisation()))

    after = (await client.get("/en")).text

    register, verification = 'href="/en/register"', 'href="/en/verification"'
    assert [register in before, register in after] == [True, False]
    assert [verification in before, verification in after] == [True, False]


async def test_head_answers_like_get_without_a_body(client):
    head, page = await client.head("/fr/about"), await client.get("/fr/about")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == page.headers["content-type"]
