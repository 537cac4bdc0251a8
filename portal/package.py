"""What a package gives the portal: one frozen value in its ``package.py``.

The portal loads packages by the names in ``Settings.packages``, so it never names a domain.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from arq.cron import CronJob
from arq.worker import Function
from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler
from prometheus_client import Metric

from portal.permissions import Action, Actor
from portal.search.index import Hit, Index
from portal.settings import get_settings


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the main navigation; shown to those who may do ``action``."""

    label: str  # an English msgid, marked with ``portal.web.i18n.lazy``
    route: str
    action: Action
    place: str = "main"  # "main", "account" or "footer"
    order: int = 100
    # How many things wait there for this person; the header says it. One statement, one entry.
    waiting: Callable[[UUID], Awaitable[int]] | None = None


@dataclass(frozen=True)
class HomeCard:
    """One thing a person can do first, on the home page of an audience."""

    audience: str  # "buyer", "manufacturer", "organiser", "authority", "engineer" or "public"
    title: str
    text: str
    route: str
    icon: str = "arrow-right"
    order: int = 100
    strangers_only: bool = False  # of no use to those who have signed in


@dataclass(frozen=True)
class HomeNumber:
    """A figure on the home page, counted now, and the list it was counted from."""

    label: str  # msgid
    value: int
    route: str
    query: str = ""
    order: int = 100


@dataclass(frozen=True)
class SearchLine:
    """One result on the page that searches everything."""

    title: str
    detail: str
    path: str  # without the language, e.g. "/devices/12-pump"


@dataclass(frozen=True)
class SearchGroup:
    """How the results of one index are shown on the page that searches everything."""

    index: Index
    label: str  # msgid, e.g. "Devices"
    route: str  # the page that searches this index alone
    line: Callable[[Hit], SearchLine]
    order: int = 100


@dataclass(frozen=True)
class PersonalData:
    """Where a package keeps personal data: for the register of law 09-08, export and erasure."""

    purpose: str  # msgid: what the data are for
    lawful_basis: str  # msgid
    categories: str  # msgid: which data
    retention: str  # msgid
    export: Callable[[UUID], Awaitable[object]]  # person id → JSON-ready value
    erase: Callable[[UUID], Awaitable[None]] | None = None
    # For the page that shows them: key → msgid, and key → coded value → msgid.
    labels: Mapping[str, str] = field(default_factory=dict)
    coded: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Concerned:
    """What a record of the audit is about: its name, and its page if the reader may open it."""

    name: str
    route: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


# Ids and who reads them → the things that still exist, in one statement whatever their number.
Things = Callable[[Sequence[str], Actor], Awaitable[dict[str, Concerned]]]


@dataclass(frozen=True)
class AuditSubject:
    """A kind of thing that records of the audit are about."""

    kind: str
    word: str  # msgid: « Device »
    things: Things


@dataclass(frozen=True)
class DetailWords:
    """Which detail of an event says more than the event does: the step, the role."""

    detail: str
    words: Mapping[str, str]  # value → msgid


@dataclass(frozen=True)
class Waiting:
    """What waits for one verifier: how much, since when, and the list of it."""

    text: str  # msgid with ``%(count)s``
    route: str
    path: str  # of the same page, without the language: for a mail
    count: int
    oldest: datetime | None  # since when the first one waits
    new: int  # how many came since the moment that was asked about


# Who verifies, and since when what came is new → what waits for this person.
WaitsFor = Callable[[Actor, datetime], Awaitable[Waiting]]
HomeNumbers = Callable[[], Awaitable[list[HomeNumber]]]


@dataclass(frozen=True)
class DemoAccount:
    """An account of the fictional demonstration, as `make run` shows it."""

    who: str
    email: str
    password: str = field(repr=False)


Sitemap = Callable[[], Awaitable[list[str]]]
Demo = Callable[[], Awaitable[None]]
# Families for Prometheus; and parts that may be away while a page can be answered, « ok » or not.
Measured = Callable[[State], Awaitable[list[Metric]]]
Beside = Callable[[State], Awaitable[dict[str, str]]]
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Failure:
    """What went wrong with a request, ready to be said in whatever shape its address has."""

    error: Exception
    status: int
    text: str  # a sentence for people, in the language of the request
    headers: Mapping[str, str]


ErrorShape = Callable[[Failure], Response[Any]]


@dataclass(frozen=True)
class Package:
    """The parts of one package, as the application, the worker and the command line load them.

    ``pages`` are mounted under ``/{lang}``; ``controllers`` (APIs, files, probes) at the root.
    Its commands stand in its ``cli.py`` and the rows that ship with a version in its
    ``reference_data.py``: a command does not load the rest (``portal.parts``).
    """

    name: str
    folder: Path
    pages: tuple[ControllerRouterHandler, ...] = ()
    controllers: tuple[ControllerRouterHandler, ...] = ()
    jobs: tuple[Function, ...] = ()
    crons: tuple[CronJob, ...] = ()
    indexes: tuple[Index, ...] = ()
    search_groups: tuple[SearchGroup, ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    home_cards: tuple[HomeCard, ...] = ()
    home_numbers: HomeNumbers | None = None
    personal_data: tuple[PersonalData, ...] = ()
    filters: dict[str, Callable[..., Any]] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)  # audit event → msgid: it in words
    audit_subjects: tuple[AuditSubject, ...] = ()
    audit_details: dict[str, DetailWords] = field(default_factory=dict)  # by audit event
    sitemap: Sitemap | None = None  # paths without language prefix, e.g. "/devices/…"
    # Called inside the transaction that changed an organisation, e.g. to index its devices again.
    organisation_changed: Callable[[UUID], Awaitable[None]] | None = None
    demo: Demo | None = None
    demo_accounts: tuple[DemoAccount, ...] = ()
    demo_order: int = 100
    waiting: WaitsFor | None = None
    # Beginning of an address → how errors below it are said, for a standard with its own shape.
    error_shapes: Mapping[str, ErrorShape] = field(default_factory=dict)
    # What each web process holds open while it runs, inside the database pool and the queue.
    lifespans: tuple[Lifespan, ...] = ()
    measured: Measured | None = None  # what ``/metrics`` tells beside the portal's own figures
    beside: Beside | None = None  # what ``/readyz`` names without being unready for it


def load(names: tuple[str, ...]) -> tuple[Package, ...]:
    """Import the packages by name, each from ``<name>.package.PACKAGE``."""
    packages: list[Package] = []
    for name in names:
        packages.append(import_module(f"{name}.package").PACKAGE)
    return tuple(packages)


def indexes_of(names: tuple[str, ...] | None = None) -> dict[str, Index]:
    """Return the search indexes of the packages (of this deployment), by name."""
    packages = load(names or get_settings().packages)
    return {index.name: index for package in packages for index in package.indexes}
