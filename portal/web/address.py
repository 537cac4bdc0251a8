"""The address of the present page, and the same one with something changed (sort, page, facet)."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode

from litestar.types import Scope

from portal.settings import LANGUAGES

# Set at the entrance for every request, so that a template macro needs no request handed to it.
current_scope: ContextVar[Scope | None] = ContextVar("current_scope", default=None)


@dataclass(frozen=True)
class Address:
    """A path and its query, in the order the browser sent it."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return what stands in ``href``."""
        path = quote(self.path, safe="/:@!$&'()*+,;=~")
        return f"{path}?{urlencode(self.query)}" if self.query else path

    def values(self, name: str) -> list[str]:
        """Return every value of one parameter."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str, default: str = "") -> str:
        """Return the first value of one parameter."""
        return next(iter(self.values(name)), default)

    def set(self, **values: object) -> "Address":
        """Return the address with these parameters; ``None`` removes one."""
        kept = [pair for pair in self.query if pair[0] not in values]
        added = [(name, str(value)) for name, value in values.items() if value is not None]
        return Address(self.path, (*kept, *added))

    def add(self, name: str, value: object) -> "Address":
        """Return the address with one more value, on the first page of results."""
        first = self.set(page=None)
        return Address(self.path, (*first.query, (name, str(value))))

    def without(self, name: str, value: object | None = None) -> "Address":
        """Return the address without a parameter or one of its values; on the first page."""
        gone = None if value is None else str(value)
        kept = (
            pair
            for pair in self.set(page=None).query
            if pair[0] != name or (gone is not None and pair[1] != gone)
        )
        return Address(self.path, tuple(kept))

    def at(self, path: str) -> "Address":
        """Return another path with the same parameters: the export of a list."""
        return Address(path, self.query)

    def only(self, names: Iterable[str]) -> "Address":
        """Return the address with these parameters alone: what a canonical link keeps."""
        wanted = set(names)
        return Address(self.path, tuple(pair for pair in self.query if pair[0] in wanted))

    def in_language(self, code: str) -> "Address":
        """Return the same page in another language; its home when this page has no language."""
        _, _, rest = self.path.lstrip("/").partition("/")
        if language_of(self.path) is None:
            return Address(f"/{code}")
        return Address(f"/{code}/{rest}" if rest else f"/{code}", self.query)


def language_of(path: str) -> str | None:
    """Return the language a path begins with."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else None


def address_of(scope: Scope) -> Address:
    """Return the address a request asked for."""
    return _address(scope["path"], scope["query_string"])


@lru_cache(maxsize=64)  # a page asks twenty times where it is
def _address(path: str, query: bytes) -> Address:
    return Address(path, tuple(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))


def here() -> Address:
    """Return the address of the present page."""
    scope = current_scope.get()
    return Address("/") if scope is None else address_of(scope)


def local_path(value: str, default: str = "/") -> str:
    """Return ``value`` when it is a path of this site, so that nobody is sent elsewhere."""
    safe = value.startswith("/") and not value.startswith(("//", "/\\"))
    return value if safe and value.isprintable() else default
