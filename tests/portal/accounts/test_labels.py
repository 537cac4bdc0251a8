import json
import re
from datetime import UTC, datetime

from portal.accounts.naming import as_moment
from portal.audit.labels import LABELS as AUDIT
from portal.notifications.actions import inform
from portal.notifications.labels import LABELS as MESSAGES
from portal.package import load
from portal.settings import get_settings
from tests.people import sam, sign_in


def keys(value) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in keys(one)}
    return {key for one in value for key in keys(one)} if isinstance(value, list) else set()


async def test_every_key_of_the_copy_of_ones_data_has_a_word(client, db):
    person = await sam()
    await inform(person.id, "Yes")
    unsaid = {}
    for package in load(get_settings().packages):
        for kept in package.personal_data:
            unsaid[package.name] = keys(await kept.export(person.id)) - set(kept.labels)

    assert {name: left - {"details"} for name, left in unsaid.items() if left - {"details"}} == {}
    assert {"seq", "at"} <= set(AUDIT)
    assert {"notices", "mails"} <= set(MESSAGES)


async def test_my_data_are_in_words_and_the_file_is_raw(client, db):
    person = await sam()
    await sign_in(client, person)

    text = (await client.get("/fr/account/data")).text
    file = (await client.get("/fr/account/data.json")).text
    read = re.sub(r"<[^>]+>", " ", text[text.index("<main") :])

    assert "<dt>Adresse électronique</dt>" in text
    assert re.search(r"\d{4}-\d\d-\d\dT", read) is None
    # HTML knows milliseconds at most.
    assert re.search(r'datetime="[^"]*\.\d{4,}', text) is None
    assert '<time datetime="' in text
    assert re.findall(r"\b\w+_(?:at|id|kind)\b", read) == []
    assert json.loads(file)["portal.accounts"][0]["person"][0]["email"] == person.email


def test_only_moments_are_written_as_moments():
    assert as_moment("2026-11-02T09:30:00+00:00") == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert [as_moment(one) for one in ("Thing", "", None, 7)] == [None] * 4
