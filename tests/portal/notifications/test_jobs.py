import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from portal import database
from portal.notifications import actions
from portal.notifications.jobs import forget, send_mail, sweep
from portal.queue import queue
from portal.worker import create_worker

TEMPLATE = "notifications/mail/trial"


async def ask(**values: object) -> str:
    async with database.transaction():
        mail_id = await actions.notify(
            "mia@hospital.example", template=TEMPLATE, language="fr", **values
        )
    return str(mail_id)


async def row(mail_id: str) -> dict[str, object]:
    (found,) = await database.fetch("SELECT * FROM mail WHERE id = $1", mail_id)
    return dict(found)


async def make_due(mail_id: str) -> None:
    await database.fetch("UPDATE mail SET due_at = now() WHERE id = $1", mail_id)


async def test_send_mail_hands_it_to_the_server_and_forgets_its_values(db, smtp, mail_server):
    mail_id = await ask(link="http://localhost:8000/fr/x?a=1&b=2", name="<Mia> & Co")

    assert await send_mail({}, mail_id) == "sent"

    (mail,) = mail_server.received
    assert mail["To"] == "mia@hospital.example"
    assert mail["Message-ID"] == f"<{mail_id}@localhost>"
    assert "<Mia> & Co" in mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "&lt;Mia&gt; &amp; Co" in html
    assert '<a href="http://localhost:8000/fr/x?a=1&amp;b=2">' in html
    sent = await row(mail_id)
    assert (sent["state"], sent["details"], sent["attempts"]) == ("sent", "{}", 1)


async def test_send_mail_sends_once_when_run_twice_at_once(db, smtp, mail_server):
    mail_id = await ask(link="x", name="Mia")

    outcomes = await asyncio.gather(*(send_mail({}, mail_id) for _ in range(5)))

    assert sorted(outcomes) == ["not due"] * 4 + ["sent"]
    assert len(mail_server.received) == 1


async def test_a_mail_of_a_failed_action_does_not_exist(db):
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await actions.notify("mia@hospital.example", template=TEMPLATE, language="fr")
            raise ZeroDivisionError

    assert await database.fetch("SELECT id FROM mail") == []


@pytest.mark.parametrize("answer", ["451 greylisted", "421 busy"])
async def test_a_temporary_refusal_is_tried_again_later(db, smtp, mail_server, answer):
    mail_id = await ask(link="x", name="Mia")
    mail_server.recipient_answer = answer

    assert await send_mail({}, mail_id) == "delayed"
    assert await send_mail({}, mail_id) == "not due"
    waiting = await row(mail_id)
    assert waiting["state"] == "created"
    assert timedelta(seconds=50) < waiting["due_at"] - datetime.now(UTC) < timedelta(seconds=61)

    mail_server.recipient_answer = "250 OK"
    await make_due(mail_id)
    assert await send_mail({}, mail_id) == "sent"


async def test_an_unreachable_server_delays_and_gives_up_after_eight_attempts(
    db, smtp, mail_server, monkeypatch
):
    mail_id = await ask(link="x", name="Mia")
    mail_server.answer = "452 no room"

    outcomes = []
    for _ in range(9):
        await make_due(mail_id)
        outcomes.append(await send_mail({}, mail_id))

    assert outcomes == ["delayed"] * 8 + ["not due"]
    failed = await row(mail_id)
    assert failed["state"] == "failed"
    assert failed["last_error"].startswith("given up after 8 attempts: ")
    assert failed["details"] != "{}"


@pytest.mark.parametrize("where", ["answer", "recipient_answer"])
async def test_a_permanent_refusal_is_kept_for_the_operator(db, smtp, mail_server, where):
    mail_id = await ask(link="x", name="Mia")
    setattr(mail_server, where, "550 no such person")

    assert await send_mail({}, mail_id) == "refused"

    assert (await row(mail_id))["state"] == "failed"
    assert await actions.retry_failed_mail() == 1
    setattr(mail_server, where, "250 OK")
    assert await send_mail({}, mail_id) == "sent"


async def test_a_mail_that_cannot_be_written_is_refused(db, smtp):
    mail_id = await ask(name="no link is given")

    assert await send_mail({}, mail_id) == "refused"

    assert "link" in (await row(mail_id))["last_error"]


async def test_a_lost_mail_is_sent_by_the_sweep_through_the_worker(db, smtp, mail_server):
    mail_id = await ask(link="x", name="Mia")
    assert await actions.take_mail(mail_id) is not None  # and then the worker is killed
    await database.fetch("UPDATE mail SET taken_at = now() - interval '11 minutes'")

    async with queue() as jobs:
        await jobs.flushdb()
        assert await sweep({"redis": jobs}) == 1
        assert await sweep({"redis": jobs}) == 1  # the same job id: enqueued once
    worker = create_worker(burst=True)
    worker.cron_jobs = []
    await worker.async_run()
    await worker.close()

    assert (await row(mail_id))["state"] == "sent"
    assert len(mail_server.received) == 1


async def test_forget_deletes_what_was_sent_long_ago_only(db, smtp, mail_server):
    old, new = await ask(link="x", name="a"), await ask(link="x", name="b")
    await send_mail({}, old)
    await send_mail({}, new)
    await database.fetch("UPDATE mail SET sent_at = now() - interval '31 days' WHERE id = $1", old)

    assert await forget({}) == 1
    assert [str(one["id"]) for one in await database.fetch("SELECT id FROM mail")] == [new]
