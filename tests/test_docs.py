"""What the code calls by a name exists, and is written down."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.audit.words import events
from portal.commands import complete
from portal.package import load
from portal.reference import TARGET, written
from portal.settings import Settings, get_settings
from portal.worker import jobs_and_crons
from tests.sources import ROOT, calls, files, name, texts

DOCS = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
OPERATIONS = ROOT / "docs" / "operations.md"
EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+\Z")


def test_the_reference_page_is_up_to_date():
    assert TARGET.read_text(encoding="utf-8") == written(complete()), "run `tajhiz reference`"


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_explained(field):
    assert f"TAJHIZ_{field.upper()}" in OPERATIONS.read_text(encoding="utf-8")


def recorded() -> dict[str, Path]:
    """Return the events that the code records, as far as they are written out."""
    found = {}
    for path in files(".py"):
        for call in calls(path, "record"):
            arguments = [
                *call.args[:1],
                *(one.value for one in call.keywords if one.arg == "event"),
            ]
            found |= {text: path for one in arguments for text in texts(one) if "." in text}
    return found


@pytest.mark.parametrize("event", sorted(recorded()))
def test_a_recorded_event_has_words(event):
    assert (event in events(), bool(EVENT.match(event))) == (True, True), (
        f"{name(recorded()[event])}: add it to `events` of its package"
    )


def test_the_words_of_events_are_translatable_names():
    assert [event for event in events() if not EVENT.match(event) or len(event) > 80] == []


def enqueued() -> dict[str, Path]:
    found = {}
    for path in files(".py"):
        for call in calls(path, "enqueue_job"):
            found |= {text: path for text in texts(call.args[0])}
    return found


def test_every_enqueued_job_exists():
    jobs, _ = jobs_and_crons()
    known = {job.name for job in jobs}

    assert {job: name(path) for job, path in enqueued().items() if job not in known} == {}


def test_jobs_and_crons_have_names_with_their_package_and_words():
    jobs, crons = jobs_and_crons()
    odd = [one.name for one in [*jobs, *crons] if not re.match(r"[a-z_]+\.[a-z_]+\Z", one.name)]
    mute = [one.name for one in [*jobs, *crons] if not one.coroutine.__doc__]

    assert (odd, mute) == ([], [])


def test_every_job_has_a_time_limit_and_keeps_no_result():
    jobs, _ = jobs_and_crons()

    assert [job.name for job in jobs if not job.timeout_s or job.keep_result_s != 0] == []


def mails() -> dict[str, Path]:
    found = {}
    for path in files(".py"):
        for call in calls(path, "notify"):
            given = [one.value for one in call.keywords if one.arg == "template"]
            found |= {text: path for one in given for text in texts(one)}
    return found


def test_every_mail_has_a_template():
    folders = [package.folder / "templates" for package in load(get_settings().packages)]
    missing = {
        template: name(path)
        for template, path in mails().items()
        if not any((folder / f"{template}.txt").exists() for folder in folders)
    }

    assert missing == {}


def commands(group, before: tuple[str, ...] = ()):
    for key, command in group.commands.items():
        yield (*before, key), command
        if hasattr(command, "commands"):
            yield from commands(command, (*before, key))


@pytest.mark.parametrize("place", [place for place, _ in commands(complete())], ids=" ".join)
def test_every_command_explains_itself(place):
    answer = CliRunner().invoke(complete(), [*place, "--help"])

    assert (answer.exit_code, len(answer.output.splitlines()) > 2) == (0, True)


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", [*DOCS, *ROOT.glob("*.md")], ids=name)
def test_a_page_links_only_to_what_exists(path):
    links = LINK.findall(path.read_text(encoding="utf-8"))
    local = [one for one in links if not re.match(r"[a-z]+:", one)]

    assert [one for one in local if not (path.parent / one).exists()] == []
