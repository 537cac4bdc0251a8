import pytest
from valkey.asyncio import Valkey

from portal.settings import get_settings


@pytest.fixture(autouse=True)
async def nothing_counted(anyio_backend) -> None:
    """Start without the attempts and sessions of the test before."""
    async with Valkey.from_url(get_settings().valkey_url.get_secret_value()) as valkey:
        await valkey.flushdb()
