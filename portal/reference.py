"""``tajhiz reference``: the list of jobs, crons, commands, audit events and settings, as text."""

from collections.abc import Iterator
from pathlib import Path

import click

from portal.package import load
from portal.settings import Settings, get_settings

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "reference.md"
HEAD = """# Reference

Written by `tajhiz reference`; run it again after a change (a test compares)."""


def written(group: click.Group) -> str:
    """Return the whole page."""
    parts = [HEAD, *_settings(), *_jobs(), *_events(), *_commands(group)]
    return "\n".join(parts) + "\n"


def write(group: click.Group) -> Path:
    """Write the page and return where it is."""
    TARGET.write_text(written(group), encoding="utf-8")
    return TARGET.relative_to(ROOT)


def _first(text: str | None) -> str:
    """Return the first sentence of a docstring, on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


def _settings() -> Iterator[str]:
    yield "\n## Settings\n\nExplained in `operations.md`.\n"
    yield "| variable | default |\n|---|---|"
    for name, field in Settings.model_fields.items():
        default = "required" if field.is_required() else f"`{field.default}`"
        yield f"| `TAJHIZ_{name.upper()}` | {default} |"


def _jobs() -> Iterator[str]:
    packages = load(get_settings().packages)
    yield "\n## Jobs\n\nEach is safe to run twice.\n\n| job | what it does |\n|---|---|"
    for job in sorted((job for one in packages for job in one.jobs), key=lambda job: job.name):
        yield f"| `{job.name}` | {_first(job.coroutine.__doc__)} |"
    yield "\n## Crons\n\n| cron | what it does |\n|---|---|"
    for cron in sorted((cron for one in packages for cron in one.crons), key=lambda one: one.name):
        yield f"| `{cron.name}` | {_first(cron.coroutine.__doc__)} |"


def _events() -> Iterator[str]:
    yield "\n## Audit events\n\n| event | in words |\n|---|---|"
    events = {
        name: text for one in load(get_settings().packages) for name, text in one.events.items()
    }
    for name, text in sorted(events.items()):
        yield f"| `{name}` | {text} |"


def _commands(group: click.Group, before: str = "") -> Iterator[str]:
    if not before:
        yield "\n## Commands\n\n| command | what it does |\n|---|---|"
    for name, command in sorted(group.commands.items()):
        yield f"| `tajhiz {before}{name}` | {_first(command.help)} |"
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")
