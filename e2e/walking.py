"""Walking through the portal along its own links, as one person in one language."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

VARIABLE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}"), "{id}"),
    (re.compile(r"/devices/(?!mine|new|review|import|\{)[^/]+"), "/devices/{handle}"),
    (re.compile(r"(/nomenclature|/categories|/terms)/[A-Z][0-9]*"), r"\1/{code}"),
    (re.compile(r"/mailbox/.+"), "/mailbox/{letter}"),
    (re.compile(r"/sitemaps/.+"), "/sitemaps/{name}"),
)


def pattern(address: str) -> str:
    """Return what the addresses of one page have in common: identifiers and values left out.

    A list is looked at twice: as it is, and once with whatever its address may choose.
    """
    parts = urlsplit(address)
    path = parts.path
    for variable, name in VARIABLE:
        path = variable.sub(name, path)
    return f"{path}?…" if parts.query else path


@dataclass
class Walk:
    """What a walk has seen: pages to look at, and links that answered with an error."""

    page: Page
    language: str
    # Pages another walk has looked at already.
    known: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def pages(self, start: str) -> Iterator[tuple[str, str]]:
        """Open every page reachable from ``start`` and yield its pattern and source meanwhile."""
        waiting = deque([start])
        while waiting:
            address = waiting.popleft()
            response = self.page.goto(address)
            if response is None or not self._fine(response.status, address):
                continue
            shape = pattern(self.page.url)  # a page that is not for this person leads elsewhere
            if address == start or shape not in self.known | self.looked_at:
                self.looked_at.add(shape)
                yield shape, response.text()
                waiting.extend(link for link in self._links() if self._worth(link))

    def _fine(self, status: int, address: str) -> bool:
        if status >= 400:
            self.broken.append(f"{status} {address}")
        return status < 400

    def _links(self) -> list[str]:
        """Return the addresses of our own host on the open page, without their fragments."""
        found = self.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.getAttribute('href'))"
        )
        own = urlsplit(self.page.url).netloc
        whole = [urljoin(self.page.url, one).partition("#")[0] for one in found]
        return list(dict.fromkeys(one for one in whole if urlsplit(one).netloc == own))

    def _worth(self, link: str) -> bool:
        """Tell whether to open the link as a page; what is no page of ours is only asked for."""
        shape = pattern(link)
        if shape in self.known | self.asked:
            return False
        self.asked.add(shape)
        path = urlsplit(link).path
        is_file = "." in path.rsplit("/", 1)[-1] or "/template/" in path or "/export/" in path
        if path.split("/")[1] == self.language and not is_file:
            return True
        self._fine(self.page.request.get(link).status, f"{link} on {self.page.url}")
        return False
