"""What the worker does for evaluations: evaluate a file, take up what broke off."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from arq.cron import cron
from arq.worker import func

from procurement import actions, queries
from procurement.scoring import record
from procurement.scoring.errors import ScoringError

NAME = "procurement.evaluate_file"
LONGEST_S = 300  # for one file; a tender of 200 lots and 100 bidders takes seconds
SILENT_S = 60  # what nobody began after this long was lost on its way


async def evaluate_file(ctx: dict[str, Any], evaluation_id: str) -> str:
    """Evaluate a file that was handed in and keep its record; safe to run twice."""
    id_ = UUID(evaluation_id)
    asked = await queries.evaluation(id_)
    if asked is None:
        return "unknown"
    if asked.attempts >= actions.MOST_ATTEMPTS:
        await actions.give_up(id_, "broken off")
        return "failed"
    content = await actions.begin(id_)
    if content is None:  # another worker ended it since it was read above
        return (await queries.evaluation(id_) or asked).state.value
    try:
        async with asyncio.timeout(LONGEST_S):
            made = await asyncio.to_thread(evaluated, content, asked.asked_at)
    except ScoringError as error:
        await actions.refuse(id_, error)
        return "refused"
    except TimeoutError:
        await actions.give_up(id_, "too long")
        return "failed"
    await actions.finish(id_, record.written(made), made["head"])
    return "done"


def evaluated(content: bytes, evaluated_at: datetime) -> dict[str, Any]:
    """Return the record of a file; its time is when it was asked for, so that twice is once.

    Raises:
        ScoringError: the file or its evaluation is refused.
    """
    return record.make(record.read(content), evaluated_at)


async def enqueue_evaluation(queue: Any, id_: UUID, attempt: int = 0) -> None:
    """Have the worker evaluate a file; a killed attempt goes on under another name."""
    await queue.enqueue_job(NAME, str(id_), _job_id=f"evaluation:{id_}:{attempt}")


async def sweep_evaluations(ctx: dict[str, Any]) -> int:
    """Enqueue again what a lost job or a killed worker left undone."""
    left = await queries.broken_off(SILENT_S, LONGEST_S + SILENT_S)
    for one in left:
        await enqueue_evaluation(ctx["redis"], one.id, one.attempts)
    return len(left)


JOBS = (
    func(
        evaluate_file,
        name=NAME,
        timeout=timedelta(seconds=LONGEST_S + 30),
        keep_result=0,
        max_tries=3,
    ),
)
CRONS = (
    cron(
        sweep_evaluations,
        name="procurement.sweep_evaluations",
        second=40,
        run_at_startup=True,
        timeout=timedelta(minutes=1),
        keep_result=0,
    ),
)
