"""A running portal with its demonstration data, and browsers of every kind to visit it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from e2e.portal import Portal
from portal.local.places import any_port
from tests.services import services

pytest_plugins = ["tests.services"]
ROOT = Path(__file__).parent.parent
ARTEFACTS = Path(__file__).parent / "artefacts"
TAJHIZ = (sys.executable, "-m", "portal.cli")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Without these, Chromium looks for Google's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """Start web and worker on demonstration data, as `make run` does."""
    mine = services()
    port = any_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        **mine.environment(),
        "TAJHIZ_DATABASE_URL": mine.new_database("e2e"),
        "TAJHIZ_BASE_URL": address,
        # One address makes every visit of the suite.
        "TAJHIZ_RATE_LIMIT_PER_MINUTE": "100000",
        "TAJHIZ_SIGN_IN_ATTEMPTS_PER_HOUR": "1000",
    }
    ARTEFACTS.mkdir(exist_ok=True)
    subprocess.run([*TAJHIZ, "demo"], cwd=ROOT, env=environment, check=True)
    web = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    with (ARTEFACTS / f"portal-{mine.worker}.log").open("w") as log:
        running = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in ([*TAJHIZ, "worker"], [*web, "portal.asgi:app"])
        ]
        try:
            _wait_until_ready(address)
            yield Portal(address, environment, mine.mailbox_dir)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=15)


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"The portal did not become ready at {address}; see e2e/artefacts/.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium; the set-up of `make test` installed it."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a function that opens a page as a new visitor; a failing test leaves a picture."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/fr", *, width: int = 1280, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=portal.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        if getattr(request.node, "failed", False):
            for page in context.pages:
                page.screenshot(path=ARTEFACTS / f"{request.node.name}-{number}.png")
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Tell the ``visit`` fixture whether its test failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True
    return report
