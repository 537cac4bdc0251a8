import pytest

from portal.local.places import free_port
from portal.search.index import Query
from portal.search.meilisearch import MeilisearchAdapter, SearchUnavailable
from portal.settings import get_settings
from tests.portal.search.library import Library


async def test_a_server_that_is_down_is_said_to_be(monkeypatch):
    nobody = f"http://127.0.0.1:{free_port(17700)}"
    settings = get_settings().model_copy(update={"meili_url": nobody})
    monkeypatch.setattr("portal.search.meilisearch.get_settings", lambda: settings)
    adapter = MeilisearchAdapter()

    with pytest.raises(SearchUnavailable) as refused:
        await adapter.search(Library().index, Query("pompe"))
    await adapter.close()

    assert refused.value.status == 503
