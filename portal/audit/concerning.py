"""What records are about, in words: the packages name their things and the steps of an event."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from portal.audit.queries import Entry
from portal.package import AuditSubject, Concerned, DetailWords, load
from portal.permissions import Actor
from portal.settings import get_settings
from portal.web.i18n import gettext as _


@lru_cache
def subjects() -> dict[str, AuditSubject]:
    """Return the kinds of things that the packages of this deployment record actions on."""
    packages = load(get_settings().packages)
    return {one.kind: one for package in packages for one in package.audit_subjects}


@lru_cache
def details() -> dict[str, DetailWords]:
    """Return which detail of an event says its step."""
    found: dict[str, DetailWords] = {}
    for package in load(get_settings().packages):
        found |= package.audit_details
    return found


async def concerned(entries: Sequence[Entry], actor: Actor) -> Mapping[tuple[str, str], Concerned]:
    """Return the things these records are about, by kind and id: a statement for each kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in entries:
        wanted[one.subject_kind].add(one.subject_id)
    return {
        (kind, key): thing
        for kind, ids in wanted.items()
        if kind in subjects()
        for key, thing in (await subjects()[kind].things(sorted(ids), actor)).items()
    }


def kind_words(kind: str) -> str:
    """Return what a thing is in the language of this request; one of a former version by name."""
    return _(subjects()[kind].word) if kind in subjects() else kind


def step_words(entry: Entry) -> str:
    """Return the step an event was, in words, or nothing when the event says it all."""
    said = details().get(entry.event)
    value = entry.details.get(said.detail) if said else None
    return _(said.words.get(str(value), "")) if said else ""
