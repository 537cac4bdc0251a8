"""The regions and provinces of Morocco; read once, they change with a migration."""

from dataclasses import dataclass

from portal import database
from portal.accounts.naming import in_language


@dataclass(frozen=True)
class Place:
    """A region, or a province of one."""

    code: str
    name_fr: str
    name_ar: str
    region: str = ""

    @property
    def name(self) -> str:
        """Return the name in the language of the reader (Arabic, or French for both others)."""
        return in_language(self.name_fr, self.name_ar)


_kept: dict[str, tuple[Place, ...]] = {}


async def regions() -> tuple[Place, ...]:
    """Return the twelve regions by code."""
    return await _read("region", "SELECT code, name_fr, name_ar FROM region ORDER BY code")


async def provinces() -> tuple[Place, ...]:
    """Return the provinces and prefectures by region and French name."""
    return await _read(
        "province",
        "SELECT code, name_fr, name_ar, region FROM province ORDER BY region, name_fr",
    )


async def _read(name: str, sql: str) -> tuple[Place, ...]:
    if name not in _kept:
        rows = tuple(Place(**dict(row)) for row in await database.fetch(sql))
        if not rows:
            return ()  # before the migration: ask again next time
        _kept[name] = rows
    return _kept[name]
