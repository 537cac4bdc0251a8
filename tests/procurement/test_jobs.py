"""Evaluations that the worker makes: once per file, refused in words, taken up when broken off."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from portal import database
from portal.permissions import SYSTEM, Actor, Membership, OrganisationKind, Role
from portal.queue import queue
from portal.worker import create_worker
from procurement import actions, jobs, queries
from procurement.access import EVALUATION_VIEW
from procurement.actions import ask_for_evaluation
from procurement.errors import EvaluationNotAllowed
from procurement.jobs import enqueue_evaluation, evaluate_file, sweep_evaluations
from procurement.recorded import evaluations
from procurement.scoring import recompute
from procurement.scoring.errors import FloatRefused
from procurement.states import EvaluationState
from tests.people import make_organisation
from tests.procurement.scoring import tenders

COMMAND = "from portal.worker import create_worker; create_worker().run()"


def content(seed: int = 0) -> bytes:
    return json.dumps(tenders.any_tender(seed)).encode()


def impossible() -> bytes:
    """Return a file that reads well and that the rules refuse: the estimate is missing."""
    data = tenders.statutory(0)
    data["tender"]["method"] = {"kind": "reference_price", "category": "works"}
    data["tender"]["lots"] = [{"id": lot["id"]} for lot in data["tender"]["lots"]]
    data["dossier"].pop("rejections", None)
    return json.dumps(data).encode()


def buyer(organisation_id: UUID, role: Role = Role.EDITOR, kind=OrganisationKind.BUYER) -> Actor:
    return Actor(uuid4(), memberships=(Membership(organisation_id, kind, role, verified=True),))


async def worked() -> None:
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()


async def events() -> list[str]:
    return [
        row["event"]
        for row in await database.fetch(
            "SELECT event FROM audit_record WHERE event LIKE 'evaluation.%' ORDER BY at"
        )
    ]


async def test_a_file_is_evaluated_by_the_worker_and_its_record_kept(db):
    hospital = await make_organisation(OrganisationKind.BUYER)
    id_ = await ask_for_evaluation(content(), hospital.id, actor=buyer(hospital.id))
    async with queue() as queued:
        await queued.flushdb()
        await enqueue_evaluation(queued, id_)
    await worked()

    kept = await queries.record_of(id_)
    asked = await queries.evaluation(id_)
    assert kept is not None
    assert asked is not None
    record = json.loads(kept)
    assert (asked.state, asked.head, asked.trouble) == (EvaluationState.DONE, record["head"], {})
    assert recompute.differences(record) == []
    assert await events() == ["evaluation.asked", "evaluation.done"]
    assert [one.id for one in await queries.evaluations_of([hospital.id])] == [id_]
    assert await queries.content_of(id_) == content()


async def test_the_same_file_is_asked_for_once_by_each_organisation(db):
    one, other = await make_organisation(OrganisationKind.BUYER), await make_organisation()

    first = await ask_for_evaluation(content(), one.id, actor=SYSTEM)
    again = await ask_for_evaluation(content(), one.id, actor=SYSTEM)
    others = await ask_for_evaluation(content(), other.id, actor=SYSTEM)
    nobody = await ask_for_evaluation(content(), None, actor=SYSTEM)

    assert (first == again, len({first, others, nobody})) == (True, 3)
    assert await events() == ["evaluation.asked"] * 3


async def test_running_twice_or_at_the_same_time_keeps_one_record(db):
    id_ = await ask_for_evaluation(content(1), None, actor=SYSTEM)

    answers = await asyncio.gather(*(evaluate_file({}, str(id_)) for _ in range(2)))
    first = await queries.record_of(id_)
    assert await evaluate_file({}, str(id_)) == "done"

    assert answers == ["done", "done"]
    assert await queries.record_of(id_) == first
    assert await events() == ["evaluation.asked", "evaluation.done"]
    assert await evaluate_file({}, str(uuid4())) == "unknown"


async def test_a_worker_that_another_was_faster_than_says_what_became_of_it(db, monkeypatch):
    id_ = await ask_for_evaluation(content(3), None, actor=SYSTEM)
    begin = actions.begin

    async def begin_too_late(id_: UUID) -> bytes | None:
        monkeypatch.setattr(actions, "begin", begin)
        assert await evaluate_file({}, str(id_)) == "done"
        return await begin(id_)

    monkeypatch.setattr(actions, "begin", begin_too_late)

    assert await evaluate_file({}, str(id_)) == "done"
    assert await events() == ["evaluation.asked", "evaluation.done"]


async def test_a_file_that_cannot_be_read_is_not_kept(db):
    with pytest.raises(FloatRefused):
        await ask_for_evaluation(
            content().replace(b'"opened_on"', b'"title": 0.5, "opened_on"'), None, actor=SYSTEM
        )

    assert await database.fetch("SELECT id FROM evaluation") == []


async def test_what_the_rules_refuse_is_kept_with_its_reason(db):
    id_ = await ask_for_evaluation(impossible(), None, actor=SYSTEM)

    assert await evaluate_file({}, str(id_)) == "refused"

    asked = await queries.evaluation(id_)
    assert asked is not None
    assert (asked.state, asked.trouble["reason"], asked.trouble["field"]) == (
        EvaluationState.REFUSED, "MissingEstimate", "tender.lots[0].estimate",
    )  # fmt: skip
    assert await queries.record_of(id_) is None
    assert await events() == ["evaluation.asked", "evaluation.refused"]


async def test_an_evaluation_that_takes_too_long_or_breaks_off_too_often_is_given_up(
    db, monkeypatch
):
    slow = await ask_for_evaluation(content(2), None, actor=SYSTEM)
    often = await ask_for_evaluation(content(4), None, actor=SYSTEM)
    monkeypatch.setattr(jobs, "LONGEST_S", 0)
    assert await evaluate_file({}, str(slow)) == "failed"
    for _ in range(actions.MOST_ATTEMPTS):
        await actions.begin(often)
    assert await evaluate_file({}, str(often)) == "failed"

    found = [await queries.evaluation(id_) for id_ in (slow, often)]
    assert [one.trouble["reason"] for one in found if one] == ["too long", "broken off"]


def long() -> bytes:
    """Return a file that takes a second or more: 300 lots of 100 offers each."""
    data = tenders.statutory(0)
    lots, bidders = [f"L{n}" for n in range(300)], [f"B{n}" for n in range(100)]
    data["tender"]["method"] = {"kind": "reference_price", "category": "works"}
    data["tender"]["lots"] = [{"id": lot, "estimate": 100_000_000} for lot in lots]
    data["tender"].pop("limits", None)
    data["dossier"]["bidders"] = [{"id": bidder} for bidder in bidders]
    data["dossier"]["bids"] = [
        {"id": f"{bidder}-{lot}", "bidder": bidder, "lots": [lot], "price": 90_000_000 + 7 * place}
        for lot in lots
        for place, bidder in enumerate(bidders)
    ]
    return json.dumps(data).encode()


async def started(log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", COMMAND, stdout=file, stderr=file
        )


async def until(id_: UUID, test, worker: asyncio.subprocess.Process, log: Path) -> None:
    """Wait for what another process does to an evaluation; its row is all there is to wait on."""
    async with asyncio.timeout(90):
        while not await database.fetch(f"SELECT 1 FROM evaluation WHERE id = $1 AND {test}", id_):
            assert worker.returncode is None, log.read_text()
            await asyncio.sleep(0.01)


async def test_an_evaluation_goes_on_after_its_worker_was_killed(db, tmp_path):
    log = tmp_path / "worker.log"
    id_ = await ask_for_evaluation(long(), None, actor=SYSTEM)
    async with queue() as queued:
        await queued.flushdb()
        await enqueue_evaluation(queued, id_)

    first = await started(log)
    await until(id_, "begun_at IS NOT NULL", first, log)
    first.send_signal(signal.SIGKILL)
    assert await first.wait() == -signal.SIGKILL
    broken = await queries.evaluation(id_)
    assert broken is not None
    assert (broken.state, broken.attempts) == (EvaluationState.WAITING, 1)
    assert await queries.record_of(id_) is None

    async with queue() as queued:
        assert await sweep_evaluations({"redis": queued}) == 0  # it may still be at work
        # The minutes pass after which nobody can still be at work on it.
        await database.fetch("UPDATE evaluation SET begun_at = begun_at - interval '7 minutes'")
        assert await sweep_evaluations({"redis": queued}) == 1
        assert await sweep_evaluations({"redis": queued}) == 1  # the same job, enqueued once
    second = await started(log)
    try:
        await until(id_, "ended_at IS NOT NULL", second, log)
    finally:
        if second.returncode is None:
            second.terminate()
        await second.wait()

    asked, kept = await queries.evaluation(id_), await queries.record_of(id_)
    assert asked is not None
    assert kept is not None
    assert (asked.state, asked.attempts) == (EvaluationState.DONE, 2)
    assert recompute.differences(json.loads(kept)) == []
    assert await events() == ["evaluation.asked", "evaluation.done"]
    assert await evaluate_file({}, str(id_)) == "done"
    assert await queries.record_of(id_) == kept
    assert await queries.broken_off(0, 0) == []


async def test_only_who_buys_for_the_organisation_asks_and_sees(db):
    hospital = await make_organisation(OrganisationKind.BUYER)
    maker = buyer(hospital.id, kind=OrganisationKind.MANUFACTURER)
    viewer, other = buyer(hospital.id, Role.VIEWER), buyer(uuid4())
    for actor in (Actor(), maker, viewer, other):
        with pytest.raises(EvaluationNotAllowed):
            await ask_for_evaluation(content(), hospital.id, actor=actor)

    id_ = await ask_for_evaluation(content(), hospital.id, actor=buyer(hospital.id))

    seen = [await evaluations([str(id_)], actor) for actor in (viewer, maker, other)]
    assert [list(one) for one in seen] == [[str(id_)], [], []]
    assert EVALUATION_VIEW.name == "procurement.evaluation.view"
