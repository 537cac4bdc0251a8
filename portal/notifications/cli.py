"""``tajhiz mail``: what waits, what failed, and trying it again."""

import asyncio
from uuid import UUID

import click


@click.group()
def mail() -> None:
    """Look after the mail that the portal sends."""


@mail.command()
def status() -> None:
    """Count the mails in each state, and say why the failed ones did."""
    from portal import database
    from portal.notifications.queries import failed_mail, mail_counts

    async def run() -> None:
        async with database.pool(min_size=1, max_size=1):
            for state, number in sorted((await mail_counts()).items()):
                click.echo(f"{state}\t{number}")
            for one in await failed_mail():
                click.echo(f"{one.id}\t{one.template}\t{one.attempts}\t{one.last_error}")

    asyncio.run(run())


@mail.command()
@click.argument("mail_id", required=False, type=click.UUID)
def retry(mail_id: UUID | None) -> None:
    """Send the failed mails (or the one with MAIL_ID) again."""
    from portal import database
    from portal.notifications.actions import retry_failed_mail

    async def run() -> int:
        async with database.pool(min_size=1, max_size=1):
            return await retry_failed_mail(mail_id)

    click.echo(f"{asyncio.run(run())} will be sent again.")


COMMANDS = (mail,)
