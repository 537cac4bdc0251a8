"""``tajhiz accounts …``: the first authority, and help for somebody who lost everything."""

import asyncio
from datetime import UTC, datetime

import click
from pydantic import TypeAdapter, ValidationError

from portal.permissions import OrganisationKind


@click.group()
def accounts() -> None:
    """Manage accounts from the machine the portal runs on."""


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from portal.accounts.forms import Email

    try:
        return TypeAdapter(Email).validate_python(value)
    except ValidationError as error:
        raise click.BadParameter("write an e-mail address such as name@example.ma") from error


def _strong(password: str, *about: str) -> str:
    from portal.accounts.forms import TOO_WEAK
    from portal.accounts.passwords import weakness

    problem = weakness(password, *about)
    if problem:
        raise click.ClickException(TOO_WEAK[problem])
    return password


@accounts.command()
@click.option("--email", required=True, callback=_address, help="Address to sign in with.")
@click.option("--name", required=True, help="Name of the person.")
@click.option("--organisation", required=True, help="Name of the organisation, in French.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in OrganisationKind]),
    default=OrganisationKind.AUTHORITY.value,
    show_default=True,
)
@click.option("--language", type=click.Choice(["fr", "ar", "en"]), default="fr", show_default=True)
@click.password_option(help="At least 12 characters; asked for when not given.")
def add(email: str, name: str, organisation: str, kind: str, language: str, password: str) -> None:
    """Add a verified organisation and its administrator: the first authority, for example."""
    from portal import database
    from portal.accounts.actions.setup import add_administrator

    _strong(password, name, email, organisation)

    async def run() -> bool:
        async with database.pool(min_size=1, max_size=1):
            return await add_administrator(
                email=email,
                name=name,
                organisation=organisation,
                kind=OrganisationKind(kind),
                language=language,
                password=password,
                now=datetime.now(UTC),
            )

    if not asyncio.run(run()):
        raise click.ClickException(f"{email} has an account already.")
    click.echo(f"Added {organisation} ({kind}), verified, administered by {email}.")


@accounts.command("unlock")
@click.option("--email", required=True, callback=_address)
def unlock_command(email: str) -> None:
    """Switch the second factor off for somebody who lost telephone and recovery codes."""
    from portal import database
    from portal.accounts.actions.setup import unlock

    async def run() -> bool:
        async with database.pool(min_size=1, max_size=1):
            return await unlock(email)

    if not asyncio.run(run()):
        raise click.ClickException(f"{email} has no account with a second factor.")
    click.echo(f"The second factor of {email} is off.")


COMMANDS = (accounts,)
