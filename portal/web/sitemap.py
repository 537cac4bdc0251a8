"""What search engines read: the sitemap, in all languages, and the rules for robots."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from portal.package import Package
from portal.settings import LANGUAGES, Settings
from portal.web.guards import public

PATHS_PER_FILE = 5_000  # each is one entry in every language; the protocol allows 50,000 entries
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
HOUR = {"Cache-Control": "public, max-age=3600"}
MINUTES = {"Cache-Control": "public, max-age=300"}  # it names devices: one may be withdrawn


def entry(base_url: str, path: str, code: str) -> str:
    """Return one page in one language, with where it is in the others."""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{one}" href="{escape(f"{base_url}/{one}{path}")}"/>'
        for one in LANGUAGES
    )
    return f"<url><loc>{escape(f'{base_url}/{code}{path}')}</loc>{links}</url>"


def files(name: str, paths: list[str]) -> Iterator[str]:
    """Yield the names of the files the paths of a package fill."""
    for number in range(0, len(paths), PATHS_PER_FILE):
        yield f"{name}-{number // PATHS_PER_FILE + 1}.xml"


def index_xml(base_url: str, names: list[str]) -> str:
    """Return the list of files."""
    rows = "".join(
        f"<sitemap><loc>{escape(f'{base_url}/sitemaps/{n}')}</loc></sitemap>" for n in names
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {NAMESPACES}>{rows}</sitemapindex>'


def file_xml(base_url: str, paths: list[str]) -> str:
    """Return one file: each path in each language."""
    rows = "".join(entry(base_url, path, code) for path in paths for code in LANGUAGES)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>{rows}</urlset>'


@get("/sitemap.xml", name="sitemap", guards=[public], include_in_schema=False)
async def sitemap(request: Request[Any, Any, Any]) -> Response[str]:
    """List the files of the sitemap."""
    packages: tuple[Package, ...] = request.app.state.packages
    names: list[str] = []
    for package in packages:
        if package.sitemap:
            names += files(package.name, await package.sitemap())
    settings: Settings = request.app.state.settings
    return xml(index_xml(settings.base_url, names))


@get("/sitemaps/{name:str}", name="sitemap.file", guards=[public], include_in_schema=False)
async def sitemap_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[str]:
    """Send one file of the sitemap."""
    settings: Settings = request.app.state.settings
    wanted, _, number = name.removesuffix(".xml").rpartition("-")
    for package in request.app.state.packages:
        if package.sitemap and package.name == wanted and number.isdecimal():
            paths = await package.sitemap()
            start = (int(number) - 1) * PATHS_PER_FILE
            if part := paths[max(0, start) : start + PATHS_PER_FILE]:
                return xml(file_xml(settings.base_url, part))
    raise NotFoundException


def xml(text: str) -> Response[str]:
    """Answer with XML that may be kept for five minutes."""
    return Response(text, media_type="application/xml; charset=utf-8", headers=MINUTES)


@get("/robots.txt", name="robots", guards=[public], include_in_schema=False)
async def robots(request: Request[Any, Any, Any]) -> Response[str]:
    """Tell robots where the sitemap is, and to leave the accounts and the probes alone."""
    settings: Settings = request.app.state.settings
    lines = [
        "User-agent: *",
        *[f"Disallow: /{code}/account" for code in LANGUAGES],
        "Disallow: /metrics",
        f"Sitemap: {settings.base_url}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", media_type="text/plain; charset=utf-8", headers=HOUR)
