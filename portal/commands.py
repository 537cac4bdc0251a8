"""The commands of the portal itself; every package adds its own in its ``cli.py``.

A file of commands imports what they need when they run: ``tajhiz --help`` would wait for it.
"""

import asyncio
import os
import sys
from pathlib import Path

import click

from portal.parts import loading, parts
from portal.settings import get_settings

SERVER_LOG = Path(__file__).parent / "server_log.json"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def tajhiz() -> None:
    """Tajhiz, the portal of Morocco's medical-device ecosystem."""


@tajhiz.command()
def migrate() -> None:
    """Bring the database to the shape this version needs."""
    from portal import database

    async def run() -> None:
        await database.migrate()
        async with database.pool(min_size=1, max_size=2):
            for one in parts("reference_data"):
                await one.write()

    try:
        asyncio.run(run())
    except database.MigrationFailed as error:
        raise click.ClickException(str(error)) from error


@tajhiz.command()
def worker() -> None:
    """Run the jobs that pages and commands enqueue."""
    from portal import logging

    logging.configure(get_settings())
    with loading():
        from portal.worker import create_worker

        ready = create_worker()
    ready.run()


@tajhiz.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--workers", type=int, default=2, show_default=True, help="Processes that answer.")
def web(host: str, port: int, workers: int) -> None:
    """Run the web server of a deployment; variables GRANIAN_… set what is no option here."""
    answers = ["--host", host, "--port", str(port), "--workers", str(workers)]
    server = ["-m", "granian", "--interface", "asgi", "--no-ws", *answers]
    lasting = ["--respawn-failed-workers", "--workers-kill-timeout", "3"]
    # In place of this process, so that signals reach the server.
    os.execv(  # noqa: S606 — no shell is wanted
        sys.executable,
        [sys.executable, *server, *lasting, "--log-config", str(SERVER_LOG), "portal.asgi:app"],
    )


@tajhiz.command()
@click.option("--accounts", is_flag=True, help="Only print who can sign in, and how.")
def demo(accounts: bool) -> None:
    """Load the fictional demonstration data; safe to run again."""
    from portal import database
    from portal.package import load

    settings = get_settings()
    if not settings.is_local:
        raise click.ClickException("The demonstration is for TAJHIZ_ENVIRONMENT=local only.")
    packages = load(settings.packages)
    if accounts:
        for one in [one for package in packages for one in package.demo_accounts]:
            click.echo(f"{one.who}\t{one.email}\t{one.password}")
        return

    async def run() -> None:
        async with database.pool(min_size=1, max_size=2):
            for package in sorted(packages, key=lambda one: one.demo_order):
                if package.demo:
                    await package.demo()

    asyncio.run(run())


@tajhiz.command()
def messages() -> None:
    """Extract the translatable strings and list the untranslated ones."""
    from portal.messages import update_all

    for line in update_all():
        click.echo(line)


@tajhiz.command()
@click.pass_context
def reference(context: click.Context) -> None:
    """Write docs/reference.md anew."""
    from portal.reference import write

    group = context.find_root().command
    assert isinstance(group, click.Group)
    click.echo(f"Wrote {write(group)}.")


def complete() -> click.Group:
    """Return the group with the commands of every package of this deployment."""
    for one in parts("cli"):
        for command in one.COMMANDS:
            tajhiz.add_command(command)
    return tajhiz


def run() -> None:
    """Run the command line."""
    complete()()
