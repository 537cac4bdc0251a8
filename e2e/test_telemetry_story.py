"""From the enrolment of an oximeter to evidence that anybody can compute again."""

import os
import re
import secrets
import subprocess
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from playwright.sync_api import Page, expect

from e2e.faults import faults
from e2e.portal import ROOT
from e2e.running import STAYS, TAJHIZ
from e2e.telemetry import Posting, Telemetry, Wired, receiving, wait_until
from e2e.test_live import SPO2, beside
from e2e.test_piloting import agreed, press
from e2e.words import Words
from telemetry_ingest.simulate.bidmc import recordings as recordings_of
from tests.telemetry_ingest.chaos.publishing import READINGS

OURS = Path(__file__).parent / "recordings"
BIDMC = Path(os.environ.get("BIDMC_FOLDER") or ROOT.parent / "shared/data/telemetry_bidmc")

pytestmark = pytest.mark.skipif(STAYS in os.environ, reason="it kills a broker of its own")


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_an_oximeter_from_enrolment_to_evidence(visit, code, tmp_path):
    story(visit, Words(code), tmp_path, OURS)


@pytest.mark.skipif(not BIDMC.is_dir(), reason=f"no BIDMC recordings in {BIDMC} (BIDMC_FOLDER)")
def test_a_recorded_patient_from_enrolment_to_evidence(visit, tmp_path):
    story(visit, Words("fr"), tmp_path, BIDMC)


def story(visit, words: Words, folder: Path, recordings: Path) -> None:
    """Agree, enrol, send over MQTT and HTTPS, kill the broker, close, download, verify."""
    serial = f"OX-{secrets.token_hex(3).upper()}"
    host = visit(words.path(), width=360)
    device, token = running_with_a_device(visit, host, words, serial)
    pilot = host.url
    rows = recordings_of(recordings)[0]
    with receiving() as telemetry:
        wired = Wired(device, 1, token, telemetry.mine.mqtt_port, 0.4, rows=rows)
        posting = Posting(device, 2, token, telemetry.gateway_port, 0.1, rows=rows, boot=2)
        watched_through_a_kill(host, words, telemetry, wired)
        posting.start()
        wait_until(lambda: len(posting.acknowledged) >= 3, "Nothing is taken over HTTPS")
        for one in (wired, posting):
            one.stopping.set()
            one.join(10)
        count = (READINGS // 2) * (len(wired.acknowledged) + len(posting.acknowledged))
        wait_until(lambda: stored(telemetry, device) >= count, "Not all is stored")
        # A last message may have been stored without its sender hearing of it.
        assert stored(telemetry, device) - count in {0, READINGS // 2}
        refused(host, words, pilot)
        close(host, words, pilot)
    evidence(host, words, folder, serial)


def running_with_a_device(visit, host: Page, words: Words, serial: str) -> tuple[str, str]:
    """Bring a pilot to its start, with a device; leave the host on its page."""
    shown = agreed(visit, host, words, serial)
    host.get_by_role("link", name=words("Start the pilot")).click()
    press(host, words, "Start the pilot")
    expect(host.get_by_text(words("Running"), exact=True)).to_be_visible()
    return shown


def watched_through_a_kill(page: Page, words: Words, telemetry: Telemetry, sender: Wired) -> None:
    """Look on while the device sends and the broker dies and comes back."""
    page.get_by_role("link", name=words("Live values")).click()
    page.locator(".fleet a").first.click()
    expect(page.get_by_text(words("It has not sent yet"))).to_be_visible()
    value, moment = page.locator(f"[data-last$='-{SPO2}']"), page.locator(f"[data-at$='-{SPO2}']")
    expect(value).to_have_text("–")
    expect(page.get_by_text(words("Live: new values appear by themselves."))).to_be_visible()
    sender.start()
    expect(value).to_have_text(re.compile(r"^\d"), timeout=30_000)
    expect(moment).not_to_have_text(moment.inner_text(), timeout=30_000)
    telemetry.kill_broker()
    kept = len(sender.acknowledged)
    telemetry.start_broker()
    wait_until(lambda: len(sender.acknowledged) > kept + 1, "The device does not come back")
    expect(moment).not_to_have_text(moment.inner_text(), timeout=30_000)
    assert faults(page, words.code) == []


def stored(telemetry: Telemetry, device: str) -> int:
    """Count the stored readings of saturation; none of them may be there twice."""
    found: list[tuple[int, int]] = []

    async def count() -> None:
        connection = await asyncpg.connect(telemetry.database)
        row = await connection.fetchrow(
            "SELECT count(*), count(DISTINCT (boot, seq)) FROM reading r"
            " JOIN pilot_device u ON u.number = r.device WHERE u.id = $1 AND r.metric = $2",
            UUID(device),
            SPO2,
        )
        found.append(tuple(row))
        await connection.close()

    beside(count)
    total, different = found[0]
    assert total == different
    return total


def refused(page: Page, words: Words, pilot: str) -> None:
    """See that the pulse, which the protocol does not have, is refused, counted and advised on."""
    page.goto(f"{pilot}/refused")
    expect(
        page.get_by_text(words("Send only the metrics of the protocol; others are not stored."))
    ).to_be_visible()
    assert faults(page, words.code) == []


def close(page: Page, words: Words, pilot: str) -> None:
    """Close the pilot before its day, which needs a reason, and have the evidence made."""
    page.goto(pilot)
    page.get_by_role("link", name=words("Close the pilot")).click()
    page.locator("textarea").fill("Fin de la démonstration, fictive.")
    press(page, words, "Close the pilot")
    page.get_by_role("link", name=words("Evidence of a pilot")).click()
    press(page, words, "Make the evidence")


def evidence(page: Page, words: Words, folder: Path, serial: str) -> None:
    """Read the verdict, take pack and readings away and compute them again without the portal."""
    pack_link = page.locator("a[href$='pack.json']")

    def made() -> bool:
        page.reload()
        return pack_link.count() == 1

    wait_until(made, "No evidence was made")
    expect(page.get_by_text(words("Not enough data")).first).to_be_visible()
    expect(page.get_by_text(serial).first).to_be_visible()
    assert faults(page, words.code) == []
    files = []
    for link in (pack_link, page.locator("a[href$='readings.csv.gz']")):
        address = link.get_attribute("href")
        files.append(folder / address.rpartition("/")[2])
        files[-1].write_bytes(page.request.get(address).body())
    command = [*TAJHIZ, "evidence", "verify", *map(str, files), "--language", words.code]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    files[0].write_bytes(files[0].read_bytes().replace(serial.encode(), b"OX-OTHER1"))
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 1
