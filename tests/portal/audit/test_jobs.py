from datetime import datetime, timedelta

from portal import database
from portal.audit.actions import record
from portal.audit.jobs import publish_head
from portal.audit.queries import heads, newest
from portal.permissions import SYSTEM
from portal.web.i18n import CASABLANCA


async def test_publish_head_keeps_yesterdays_end_once(db):
    async with database.transaction():
        await record("device.published", subject=("device", "1"), actor=SYSTEM)
    head = await newest()

    await publish_head({})
    async with database.transaction():
        await record("device.published", subject=("device", "2"), actor=SYSTEM)
    await publish_head({})

    yesterday = (datetime.now(CASABLANCA) - timedelta(days=1)).date()
    assert [(one.day, one.digest) for one in await heads()] == [(yesterday, head.digest)]
