"""`python -m bench`: measure the portal on this machine and print each figure beside its target.

Nothing here asserts a time: machines differ and are busy. The exit status is 0 whatever the figures
are; what could not be measured is said.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from bench.devices import data_folder, write_files
from bench.load import Figures, measured
from bench.portal_under_load import (
    Started,
    memory_mb,
    own_children_s,
    portal,
    processor_s,
    served,
)
from bench.queries import searches
from catalog.rules.names import handle
from portal.local.places import any_port

LIST = "/fr/devices"
AT_ONCE = 8


@dataclass
class Options:
    """What the person asked for."""

    devices: int
    rounds: int
    seconds: float
    peers: bool


@dataclass
class Sheet:
    """The lines of the report."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, figure: str, target: str = "", verdict: bool | None = None) -> None:
        """Print a figure at once, and keep it for the table at the end."""
        mark = "" if verdict is None else ("reached" if verdict else "MISSED")
        self.rows.append((what, figure, target, mark))
        print(f"  {what}: {figure}  {f'(target {target}: {mark})' if target else ''}", flush=True)

    def table(self) -> str:
        """Return all lines as a table."""
        widths = [max(len(row[n]) for row in self.rows) for n in range(4)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in self.rows
        )


async def ids(url: str) -> tuple[list[str], list[str]]:
    """Return addresses of device pages and of identifier look-ups, spread over the catalogue."""
    line = await asyncpg.connect(url)
    try:
        rows = await line.fetch(
            "SELECT d.number, d.name_fr, d.name_en, d.reference, v.udi_di"
            " FROM device_model d JOIN device_variant v ON v.device = d.id"
            " WHERE d.state = 'published' AND v.udi_di IS NOT NULL"
            " ORDER BY hashtext(v.udi_di) LIMIT 400"
        )
    finally:
        await line.close()
    return (
        [f"/fr/devices/{handle(*list(row)[:4])}" for row in rows],
        [f"/api/v1/udi?code={row['udi_di']}" for row in rows],
    )


def import_files(started: Started, options: Options, sheet: Sheet, folder: Path) -> None:
    """Import the devices, with indexing, by the command people use."""
    origin = "real records, repeated and mixed with invented ones" if data_folder() else "invented"
    print(f"· {options.devices:,} devices ({origin})", flush=True)
    nomenclature = (data_folder() or Path()) / "emdn/emdn_v2_en.csv"
    if nomenclature.exists():
        started.imported("emdn", nomenclature)
    rows, seconds = 0, 0.0
    children = (started.pid("postgres"), started.pid("worker"))
    before = sum(map(processor_s, children)) + own_children_s()
    for source, file in write_files(folder, options.devices).items():
        count, took = started.imported(source, file)
        rows, seconds = rows + count, seconds + took
        print(f"    {source}: {count:,} rows in {took:.1f} s", flush=True)
    rate = rows / seconds
    sheet.add("import with indexing", f"{rate:,.0f} devices/s", "≥ 3,000", rate >= 3000)
    used = sum(map(processor_s, children)) + own_children_s() - before
    sheet.add("  processor time", f"{1e6 * used / rows:.0f} µs a device (all processes)")


async def pages(started: Started, options: Options, sheet: Sheet) -> Figures:
    """Measure search, look-up and device pages; return the figures of the list page."""
    how = {"seconds": options.seconds, "rounds": options.rounds}
    address = started.address
    device_pages, lookups = await ids(started.instance.postgres.url())
    web, postgres = started.pid("web"), started.pid("postgres")
    before = processor_s(web), processor_s(postgres)
    found = await measured(address, searches(), at_once=AT_ONCE, **how)
    used = processor_s(web) - before[0], processor_s(postgres) - before[1]
    sheet.add("search with facets, p50", f"{found.p50_ms:.1f} ms", "≤ 40 ms", found.p50_ms <= 40)
    sheet.add("search with facets, p95", f"{found.p95_ms:.1f} ms", "≤ 120 ms", found.p95_ms <= 120)
    sheet.add("search with facets, p99", f"{found.p99_ms:.1f} ms")
    sheet.add("  searches/s, page size", f"{found.rate:.0f}/s, {found.size / 1024:.0f} KB")
    share = used[0] / max(sum(used), 0.001)
    sheet.add("  processor: web / PostgreSQL", f"{share:.0%} / {1 - share:.0%}")
    each = 1000 * sum(used) / max(found.answers, 1)
    sheet.add("  processor time", f"{each:.1f} ms a search (web + PostgreSQL)")
    one = await measured(address, searches(), at_once=1, **how)
    sheet.add("  one at a time, p50 / p95", f"{one.p50_ms:.1f} / {one.p95_ms:.1f} ms")
    lookup = await measured(address, lookups, at_once=1, **how)
    sheet.add("identifier look-up, p95", f"{lookup.p95_ms:.1f} ms", "≤ 10 ms", lookup.p95_ms <= 10)
    lookup = await measured(address, lookups, at_once=AT_ONCE, **how)
    sheet.add(f"  the same, {AT_ONCE} at once, p95", f"{lookup.p95_ms:.1f} ms")
    device = await measured(address, device_pages, at_once=AT_ONCE, **how)
    sheet.add("device page", f"{device.rate:.0f} requests/s", "≥ 500", device.rate >= 500)
    sheet.add("  p95, page size", f"{device.p95_ms:.1f} ms, {device.size / 1024:.0f} KB")
    memory = memory_mb(web)
    sheet.add("web process", f"{memory:.0f} MB", "≤ 200 MB", memory <= 200)
    failures = found.failures + one.failures + lookup.failures + device.failures
    if failures:
        sheet.add("answers that were errors", str(failures))
    return await measured(address, [LIST], at_once=AT_ONCE, **how)


PEERS = {
    "Django (gunicorn)": [
        "gunicorn", "--threads", "8", "--worker-class", "gthread", "--keep-alive", "60",
        "--log-level", "warning", "--bind", "127.0.0.1:{port}",
        "bench.peers.django_app:application",
    ],
    "FastAPI + SQLAlchemy (uvicorn)": [
        "uvicorn", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning",
        "bench.peers.fastapi_app:app",
    ],
}  # fmt: skip


async def peers(started: Started, options: Options, sheet: Sheet, ours: Figures) -> None:
    """Measure the list page in the other frameworks, with its facets and without."""
    sheet.add("list page, ours", told(ours))
    if missing := [name for name in ("django", "fastapi", "gunicorn") if not find_spec(name)]:
        sheet.add("peers", f"not installed: {', '.join(missing)} (make bench installs them)")
        return
    best: dict[str, float] = {}
    for name, command in PEERS.items():
        port = any_port()
        words = [word.format(port=port) for word in command]
        with served(name.split()[0].lower(), words, port, started, int(ours.size)) as address:
            await answering(address)
            for facets in ("?facets=1", ""):
                figures = await measured(
                    address, [f"/devices{facets}"], at_once=AT_ONCE,
                    seconds=options.seconds, rounds=options.rounds,
                )  # fmt: skip
                kind = "with the same facets" if facets else "without facets"
                best[kind] = max(best.get(kind, 0.0), figures.rate)
                sheet.add(f"  {name}, {kind}", told(figures))
    for kind, rate in best.items():
        ratio = ours.rate / rate if rate else 0.0
        target = "≥ 1.5" if "same" in kind else ""
        sheet.add(
            f"ours / the better peer {kind}",
            f"{ratio:.2f}",
            target,
            ratio >= 1.5 if target else None,
        )


def told(one: Figures) -> str:
    """Say the figures of a page in a line."""
    failures = f", {one.failures} ERRORS" if one.failures else ""
    return f"{one.rate:.0f}/s, p95 {one.p95_ms:.0f} ms, {one.size / 1024:.0f} KB{failures}"


async def answering(address: str, *, patience: int = 600) -> None:
    """Wait until a server answers."""
    host, port = address.removeprefix("http://").split(":")
    for _ in range(patience):
        try:
            _reader, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return


def run(options: Options, var: Path, sheet: Sheet) -> None:
    """Measure everything, in a folder of its own."""
    with portal(var) as started:
        sheet.add("first start, with migrations and demonstration", f"{started.seconds:.1f} s")
        import_files(started, options, sheet, var / "files")
        ours = asyncio.run(pages(started, options, sheet))
        for line in started.sampled().splitlines():
            sheet.add("  where the time of a search goes", line.strip())
        if options.peers:
            asyncio.run(peers(started, options, sheet, ours))
    with portal(var) as started:
        sheet.add("second start", f"{started.seconds:.1f} s", "≤ 5 s", started.seconds <= 5)


def main() -> int:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many rounds counts")
    parser.add_argument("--seconds", type=float, default=4, help="length of a round")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    options = Options(given.devices, given.rounds, given.seconds, not given.no_peers)
    sheet = Sheet()
    var = Path(tempfile.mkdtemp(prefix="tajhiz-bench-"))
    var.chmod(0o711)  # the account of PostgreSQL has to pass through
    try:
        run(options, var, sheet)
    except Exception:
        traceback.print_exc()
        print("The measurement stopped here; what was measured until then follows.")
    finally:
        shutil.rmtree(var, ignore_errors=True)
    print(f"\nMedians of {options.rounds} rounds of {options.seconds:g} s; load from this machine.")
    print(sheet.table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
