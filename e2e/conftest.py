"""Browsers of every kind to visit the running portal with."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.portal import ARTEFACTS, Portal
from portal.local import system_parts

pytest_plugins = ["tests.services", "e2e.running"]
PATIENCE_MS = 15_000  # a busy machine makes no story fail
expect.set_options(timeout=PATIENCE_MS)
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
def browser() -> Iterator[Browser]:
    """Start the system's Chromium; the set-up of `make test` installed it."""
    # Playwright's own Node needs a library (libatomic) that a bare machine lacks; ours does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(sys.executable).parent / "node"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_parts.chromium(), args=FLAGS)
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
        context.set_default_timeout(PATIENCE_MS)
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
