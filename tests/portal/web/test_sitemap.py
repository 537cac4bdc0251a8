from xml.etree import ElementTree as ET

from portal.web import sitemap
from portal.web.sitemap import PATHS_PER_FILE, file_xml, files

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


async def test_the_sitemap_leads_to_every_public_page_in_every_language(client):
    index = ET.fromstring((await client.get("/sitemap.xml")).text)
    places = [place.text for place in index.iter(f"{SITEMAP}loc")]
    own = next(place for place in places if "/sitemaps/portal-1.xml" in place)

    answer = await client.get(own.removeprefix("http://localhost:8000"))

    pages = [page.text for page in ET.fromstring(answer.text).iter(f"{SITEMAP}loc")]
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert pages[:3] == [f"http://localhost:8000/{code}" for code in ("fr", "ar", "en")]
    assert [
        (await client.get(page.removeprefix("http://localhost:8000"))).status_code for page in pages
    ] == [200] * len(pages)


async def test_an_unknown_part_of_the_sitemap_is_not_found(client):
    for name in ("portal-2.xml", "portal-0.xml", "nobody-1.xml", "portal.xml", "portal-x.xml"):
        assert (await client.get(f"/sitemaps/{name}")).status_code == 404


def test_many_paths_fill_several_files():
    paths = [f"/devices/{number}" for number in range(PATHS_PER_FILE + 1)]

    assert list(files("catalog", paths)) == ["catalog-1.xml", "catalog-2.xml"]
    assert list(files("catalog", [])) == []


def test_addresses_are_escaped():
    text = file_xml("https://portal.test", ["/a?b=1&c=2"])

    assert [loc.text for loc in ET.fromstring(text).iter(f"{SITEMAP}loc")] == [
        f"https://portal.test/{code}/a?b=1&c=2" for code in ("fr", "ar", "en")
    ]


async def test_robots_are_told_where_the_sitemap_is(client):
    answer = await client.get("/robots.txt")

    assert answer.text.splitlines()[-1] == "Sitemap: http://localhost:8000/sitemap.xml"
    assert sitemap.HOUR["Cache-Control"] == answer.headers["cache-control"]
