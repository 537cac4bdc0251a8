"""What goes wrong with telemetry is seen and mended: too early, a wrong topic, no ingest."""

import os
import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from e2e.faults import faults
from e2e.people import address_of, sign_in
from e2e.running import STAYS
from e2e.telemetry import Telemetry, receiving, wait_until
from e2e.test_piloting import agreed, press
from e2e.words import Words
from telemetry_ingest.health import wording
from telemetry_ingest.health.judging import Kind
from telemetry_ingest.labels import REFUSALS
from telemetry_ingest.states import Refusal
from tests.telemetry_ingest.chaos.publishing import READINGS, OnMqtt

# As `health/wording.py` says it.
THROWN = (
    "Since yesterday a message was published to a forbidden topic. NATS acknowledged it and"
    " threw it away.",
    "Since yesterday %(num)s messages were published to forbidden topics. NATS acknowledged"
    " them and threw them away.",
)

pytestmark = pytest.mark.skipif(STAYS in os.environ, reason="it kills a process of its own")


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_what_goes_wrong_is_seen_and_mended(visit, code):
    words, serial = Words(code), f"OX-{secrets.token_hex(3).upper()}"
    host, operator = visit(words.path(), width=360), visit(words.path(), width=360)
    sign_in(operator, words, address_of("lina"))
    device, token = agreed(visit, host, words, serial)
    with receiving() as telemetry:
        sender = OnMqtt(device, 1, token, telemetry.mine.mqtt_port)
        sent_too_early(host, words, sender)
        replayed(host, words)
        forbidden_topic(host, operator, words, sender, serial)
        ingest_stops_and_returns(operator, words, telemetry, sender)
        sender.close()


def seen(page: Page, text: str) -> bool:
    """Load the page again and say whether the text is there."""
    page.reload()
    return page.get_by_text(text).count() > 0


def sent_too_early(page: Page, words: Words, sender: OnMqtt) -> None:
    """Send before the pilot starts: acknowledged by the broker, refused, and kept."""
    wait_until(lambda: sender.send(sender.message(0)), "The device is not let in")
    pilot = page.url
    page.goto(f"{pilot}/refused")
    wait_until(lambda: seen(page, words(REFUSALS[Refusal.NOT_RUNNING])), "Nothing is refused")
    page.get_by_role("link", name=words("See and replay them")).click()
    expect(
        page.get_by_text(words("The pilot has not started: start it, then replay these messages."))
    ).to_be_visible()
    page.get_by_role("main").get_by_role("button", name=f"{words('Replay')} –").click()
    expect(
        page.get_by_text(before(words("Replayed on %(moment)s and refused again", moment="|")))
    ).to_be_visible()
    assert faults(page, words.code) == []
    page.goto(pilot)
    page.get_by_role("link", name=words("Start the pilot")).click()
    press(page, words, "Start the pilot")


def before(text: str) -> re.Pattern[str]:
    """Return a pattern of what stands before and after a value."""
    return re.compile(".+".join(re.escape(part) for part in text.split("|")))


def replayed(page: Page, words: Words) -> None:
    """Play the message again now that the pilot runs; its readings are there with their time."""
    pilot = page.url
    page.goto(f"{pilot}/refused/messages")
    expect(page.get_by_text(words("A replay would store it now"))).to_be_visible()
    button = words.many("Replay %(num)s message", "Replay %(num)s messages", 1)
    page.get_by_role("main").get_by_role("button", name=button).click()
    expect(
        page.get_by_text(before(words("Stored by a replay on %(moment)s", moment="|")))
    ).to_be_visible()
    assert faults(page, words.code) == []
    page.goto(pilot)


def forbidden_topic(host: Page, operator: Page, words: Words, sender: OnMqtt, serial: str) -> None:
    """Publish where the device may not: acknowledged all the same, counted for it, and shown."""
    operator.goto(words.path("/telemetry/health"))
    known = thrown_away(operator, words)
    assert sender.client is not None
    sent = sender.client.publish("pilots/everybody/readings", b"{}", qos=1)
    sent.wait_for_publish(10)
    assert sent.is_published()
    wait_until(lambda: thrown_away(operator, words) == known + 1, "The violation is not counted")
    expect(operator.get_by_text(words.many(*THROWN, known + 1))).to_be_visible()
    assert faults(operator, words.code) == []
    operator.goto(words.path("/telemetry/health/devices"))
    row = operator.get_by_role("row").filter(has_text=serial)
    expect(row.get_by_role("cell").last).to_have_text("1")
    assert faults(operator, words.code) == []

    host.get_by_role("link", name=serial).first.click()
    assert faults(host, words.code) == []
    twice = words.many("Refused %(num)s time: see why", "Refused %(num)s times: see why", 2)
    host.get_by_role("link", name=twice).click()
    expect(host.get_by_text(words(REFUSALS[Refusal.WRONG_TOPIC]))).to_be_visible()
    assert faults(host, words.code) == []


def thrown_away(page: Page, words: Words) -> int:
    """Return how many messages the page says NATS threw away."""
    page.reload()
    stat = page.locator(".stat").filter(has_text=words("Thrown away by NATS since yesterday"))
    return int(stat.locator(".value").inner_text())


def ingest_stops_and_returns(
    page: Page, words: Words, telemetry: Telemetry, sender: OnMqtt
) -> None:
    """Kill what stores: the open page says so by itself, and that it is back; nothing is lost."""
    page.goto(words.path("/telemetry/health"))
    fault = page.get_by_text(words(wording.SAID[Kind.NO_INGEST]))
    late = page.get_by_role("listitem").filter(has=page.locator("#late"))
    expect(fault).to_have_count(0)
    telemetry.kill_ingest()
    expect(fault).to_be_visible(timeout=30_000)
    assert sender.send(sender.message(READINGS)), "NATS keeps what nobody stores"
    waits = words.many("%(num)s message waits", "%(num)s messages wait", 1)
    expect(late.get_by_text(waits)).to_be_visible(timeout=30_000)
    assert faults(page, words.code) == []
    telemetry.start_ingest()
    expect(fault).to_have_count(0, timeout=30_000)
    none = words.many("%(num)s message waits", "%(num)s messages wait", 0)
    expect(late.get_by_text(none)).to_be_visible(timeout=30_000)
    assert faults(page, words.code) == []
