"""The commands of telemetry: what can be asked; other files do it when it is asked."""

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=int, default=8010, show_default=True)
@click.option("--workers", type=int, default=1, show_default=True, help="Processes that answer.")
def gateway(host: str, port: int, workers: int) -> None:
    """Run the gateway that takes readings over HTTPS; variables GRANIAN_… set the rest."""
    import os
    import sys

    from portal.commands import SERVER_LOG

    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--host", host),
        *("--port", str(port), "--workers", str(workers), "--respawn-failed-workers"),
        *("--workers-kill-timeout", "3", "--log-config", str(SERVER_LOG)),
        "telemetry_ingest.gateway:app",
    ]
    # In place of this process, so that signals reach the server; no shell is wanted.
    os.execv(sys.executable, command)  # noqa: S606


COMMANDS = (gateway,)
"""Every command of this package."""
