"""`python -m bench.sampling`: where the time of a search page goes, by sampling one process.

It answers the searches in this process, on the database of the environment, and looks 500 times a
second of processor time which part of the code is at work.
"""

import asyncio
import signal
import sys
import time
from collections import Counter
from types import FrameType

from httpx import ASGITransport, AsyncClient

from bench.queries import searches
from portal.app import create_app
from portal.settings import get_settings

EVERY_S = 0.002
COUNT = 300
# The innermost frame that belongs to one of these says what was at work.
PARTS = (
    ("/jinja2/", "templates (Jinja2)"),
    ("<template>", "templates (Jinja2)"),
    ("/templates/", "templates (Jinja2)"),
    ("/markupsafe/", "templates (Jinja2)"),
    ("/portal/web/rendering", "templates (Jinja2)"),
    ("/babel/", "numbers, dates, translations"),
    ("gettext.py", "numbers, dates, translations"),
    ("/portal/web/i18n", "numbers, dates, translations"),
    ("/portal/web/address", "addresses of links"),
    ("urllib/", "addresses of links"),
    ("/portal/search/", "search"),
    ("/catalog/search", "turning the search into a page"),
    ("/catalog/", "catalogue"),
    ("/asyncpg/", "database driver"),
    ("/litestar/", "Litestar"),
    ("/httpx/", "this measurement's own client"),
    ("/portal/", "portal"),
)


def part_of(frame: FrameType | None) -> str:
    """Return which part a stack belongs to."""
    while frame is not None:
        name = frame.f_code.co_filename
        for mark, part in PARTS:
            if mark in name:
                return part
        frame = frame.f_back
    return "event loop and the rest"


async def run() -> None:
    """Answer the searches and print the shares."""
    seen: Counter[str] = Counter()
    app = create_app(get_settings())
    async with app.lifespan(), AsyncClient(transport=ASGITransport(app=app), base_url="http://portal.test") as client:  # noqa: E501 # fmt: skip
        paths = searches(COUNT)
        for path in paths[:20]:
            await client.get(path)
        signal.signal(signal.SIGPROF, lambda number, frame: seen.update([part_of(frame)]))
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
        for path in paths:
            await client.get(path)
        signal.setitimer(signal.ITIMER_PROF, 0)
        each = 1000 * (time.process_time() - began) / COUNT
    total = sum(seen.values()) or 1
    print(f"{each:.1f} ms of processor a search in the web process")
    for part, count in seen.most_common():
        print(f"{count / total:5.0%}  {each * count / total:5.1f} ms  {part}")


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
