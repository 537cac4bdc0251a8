"""What a story needs to know of the running portal, and what it checks on every page."""

import email
import email.policy
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parent.parent
ARTEFACTS = Path(__file__).parent / "artefacts"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Portal:
    """A running portal."""

    address: str
    mailbox: Path

    def mail_to(self, person: str, containing: str, *, within_s: float = 60) -> str:
        """Wait for a mail to ``person`` and return the first link in it that has the words."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for path in sorted(self.mailbox.rglob("*.eml"), reverse=True):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                if person not in str(message["to"]) or body is None:
                    continue
                for link in re.findall(r"https?://\S+", body.get_content()):
                    if containing in link:
                        return link
            time.sleep(0.1)
        raise TimeoutError(f"No mail to {person} with a link containing {containing!r}.")


@lru_cache
def axe() -> str:
    """Return the accessibility checker, as the browser files of the set-up have it."""
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it stands, one line each."""
    page.evaluate(axe())  # by the debugger, so the content security policy does not stop it
    found = page.evaluate(
        """rules => axe.run(document, {
            runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], selectors: false,
        })""",
        RULES,
    )
    return [
        f"{one['id']}: {one['help']} — {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
