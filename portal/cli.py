"""The program ``tajhiz``: runs the commands, and says in one line what stops it."""

import os
import secrets
import sys
from importlib import import_module

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from portal.settings import Settings

STOPPED = 2  # the exit code when the surroundings are wrong, not the command

# Commands that read and write files, and reach no service.
ALONE = (["evaluate"], ["draft"], ["evidence", "verify"])
NO_SERVICE = {
    "TAJHIZ_DATABASE_URL": "postgresql://none.invalid/none",
    "TAJHIZ_VALKEY_URL": "redis://none.invalid/0",
}


def main() -> None:
    """Run the command line; ``TAJHIZ_TRACEBACK=1`` shows where an error came from."""
    if os.environ.get("TAJHIZ_TRACEBACK"):
        run()
        return
    try:
        run()
    except ValidationError as error:
        stop(" ".join(setting_problems(error)) + " See docs/operations.md.")
    except SettingsError as error:
        stop(f"Settings: {error}. See docs/operations.md.")
    except Exception as error:
        reason = surroundings(error)
        if reason is None:
            raise
        stop(reason)


def surroundings(error: Exception) -> str | None:
    """Say which of our surroundings an error came from; ``None`` when it is a fault of ours."""
    # Imported only now: commands that need no service would wait for their drivers.
    from asyncpg import ClientConfigurationError, PostgresError
    from redis.exceptions import RedisError

    match error:
        case ClientConfigurationError():
            return f"The address of the database (TAJHIZ_DATABASE_URL) is wrong: {error}"
        case PostgresError():
            return f"The database refuses: {error}"
        case RedisError():
            return f"The queue (Valkey) does not answer: {error}"
        case OSError():
            return f"A service or file cannot be reached: {error}"
    return None


def run() -> None:
    """Load the commands, which need the settings, and run the one that was asked for."""
    if any(sys.argv[1 : len(one) + 1] == one for one in ALONE):
        do_without_services()
    import_module("portal.commands").run()


def do_without_services() -> None:
    """Set what every process of the portal must be told to what reaches nothing, and lasts once."""
    os.environ |= NO_SERVICE | {"TAJHIZ_SECRET_KEY": secrets.token_hex(32)}


def setting_problems(error: ValidationError) -> list[str]:
    """Return one sentence for each setting that is missing or wrong, without its value."""
    if error.title != Settings.__name__:
        return [f"{error.title}: {one['msg']}." for one in error.errors(include_input=False)]
    return [
        f"Setting {setting_name(one['loc'])}: {one['msg'].lower()}."
        for one in error.errors(include_input=False)
    ]


def setting_name(place: tuple[int | str, ...]) -> str:
    """Return the environment variable of a field."""
    name = str(place[0]) if place else "?"
    return name if name.isupper() else f"TAJHIZ_{name.upper()}"


def stop(reason: str) -> None:
    """Print one line and end."""
    click.echo(" ".join(reason.split()), err=True)
    sys.exit(STOPPED)


if __name__ == "__main__":
    main()
