"""The command line: ``tajhiz …``; every package may add its commands."""

import asyncio
import sys

import click

from portal import database
from portal.messages import messages
from portal.package import load
from portal.settings import get_settings
from portal.worker import create_worker


@click.group()
def tajhiz() -> None:
    """Tajhiz, the portal of Morocco's medical-device ecosystem."""


@tajhiz.command()
def migrate() -> None:
    """Bring the database to the shape this version needs."""
    asyncio.run(database.migrate())


@tajhiz.command()
def worker() -> None:
    """Run the jobs that pages and commands enqueue."""
    create_worker().run()


@tajhiz.command()
def demo() -> None:
    """Load the fictional demonstration data; safe to run again."""

    async def run() -> None:
        async with database.pool(min_size=1, max_size=2):
            packages = load(get_settings().packages)
            for package in sorted(packages, key=lambda one: one.demo_order):
                if package.demo:
                    await package.demo()

    asyncio.run(run())


def main() -> None:
    """Run the command line with the commands of every loaded package."""
    tajhiz.add_command(messages)
    if "messages" not in sys.argv[1:2]:
        for package in load(get_settings().packages):
            for command in package.commands:
                tajhiz.add_command(command)
    tajhiz()


if __name__ == "__main__":
    main()
