"""The command line of search: ``tajhiz search rebuild|drain|status``."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portal.search.index import Index


@click.group()
def search() -> None:
    """Look after the search indexes."""


def _chosen(name: str | None) -> "list[Index]":
    from portal.package import indexes_of

    every = indexes_of()
    if name is not None and name not in every:
        raise click.BadParameter(f"There is no index « {name} »; there are {', '.join(every)}.")
    return [every[name]] if name else list(every.values())


def _run(name: str | None, act: "Callable[[Index], Awaitable[str]]") -> None:
    from portal import database

    indexes = _chosen(name)

    async def run() -> None:
        async with database.pool(min_size=1, max_size=2):
            for index in indexes:
                click.echo(f"{index.name}: {await act(index)}")

    asyncio.run(run())


@search.command()
@click.option("--index", "name", help="Only this index; all without it.")
def rebuild(name: str | None) -> None:
    """Write every document again; searches go on meanwhile."""
    from portal.search.adapter import adapter

    async def act(index: "Index") -> str:
        return f"{await adapter().rebuild(index)} documents written."

    _run(name, act)


@search.command("drain")
@click.option("--index", "name", help="Only this index; all without it.")
def drain_now(name: str | None) -> None:
    """Index now what is waiting, instead of leaving it to the worker."""
    from portal.search.draining import drain

    async def act(index: "Index") -> str:
        return f"{await drain([index])} subjects indexed."

    _run(name, act)


@search.command()
def status() -> None:
    """Say what each index holds and what is waiting."""
    from portal import database
    from portal.search.adapter import adapter

    async def act(index: "Index") -> str:
        rows = await database.fetch(
            'SELECT count(*) AS waiting FROM search_dirty WHERE "index" = $1', index.name
        )
        now = await adapter().status(index)
        return f"{now.documents} documents, {rows[0]['waiting']} waiting ({now.details})."

    _run(None, act)


COMMANDS = (search,)
