"""The commands of the portal itself; every package adds its own."""

import asyncio

import click

from portal import database, logging
from portal.messages import messages
from portal.package import load
from portal.reference import reference
from portal.settings import get_settings
from portal.worker import create_worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def tajhiz() -> None:
    """Tajhiz, the portal of Morocco's medical-device ecosystem."""


@tajhiz.command()
def migrate() -> None:
    """Bring the database to the shape this version needs."""

    async def run() -> None:
        await database.migrate()
        async with database.pool(min_size=1, max_size=2):
            for package in load(get_settings().packages):
                if package.reference_data:
                    await package.reference_data()

    try:
        asyncio.run(run())
    except database.MigrationFailed as error:
        raise click.ClickException(str(error)) from error


@tajhiz.command()
def worker() -> None:
    """Run the jobs that pages and commands enqueue."""
    logging.configure(get_settings())
    create_worker().run()


@tajhiz.command()
@click.option("--accounts", is_flag=True, help="Only print who can sign in, and how.")
def demo(accounts: bool) -> None:
    """Load the fictional demonstration data; safe to run again."""
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


def complete() -> click.Group:
    """Return the group with the commands of every package of this deployment."""
    for command in (messages, reference):
        tajhiz.add_command(command)
    for package in load(get_settings().packages):
        for command in package.commands:
            tajhiz.add_command(command)
    return tajhiz


def run() -> None:
    """Run the command line."""
    complete()()
