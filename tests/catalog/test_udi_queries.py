from catalog.queries.udi import devices_with
from catalog.rules.udi import read_udi
from portal import database
from tests.catalog.devices import make_device

PLANS = """
SELECT generic_plans > 0 AS once FROM pg_prepared_statements
WHERE statement LIKE '%WITH found%' AND statement NOT LIKE '%pg_prepared%'
"""

# With a handful of rows PostgreSQL reads the whole table, however it is asked.
MORE = """
INSERT INTO device_variant
SELECT (jsonb_populate_record(v, jsonb_build_object(
    'id', gen_random_uuid(), 'udi_di', lpad(n::text, 14, '0'), 'reference', n::text))).*
FROM device_variant v, generate_series(1, 3000) n
"""


async def test_a_look_up_is_planned_once_and_not_for_every_question(db):
    """Planning takes five times what answering takes."""
    device = await make_device(udi_di="03601234567890")
    di = read_udi("03601234567890").di

    async with database.transaction():  # all on one connection
        await database.fetch(MORE)
        await database.fetch("ANALYZE device_variant")
        found = [await devices_with(di) for _ in range(12)]
        plans = await database.fetch(PLANS)

    assert {tuple(one.device.id for one in matches) for matches in found} == {(device.id,)}
    assert [row["once"] for row in plans] == [True]
