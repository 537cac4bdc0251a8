"""Style sheets, scripts, fonts and icons."""

from pathlib import Path

from litestar import Router
from litestar.static_files import create_static_files_router

STATIC = Path(__file__).parent.parent / "static"


def static_router() -> Router:
    """Serve ``portal/static`` under ``/static``."""
    return create_static_files_router(path="/static", directories=[STATIC], name="static")
