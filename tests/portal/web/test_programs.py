"""Which addresses a program may come to with a key."""

from types import SimpleNamespace

from litestar import get, post

from portal.web.programs import FOR_PROGRAMS, example_path, for_programs, key_shown
from tests.test_routes import HANDLERS

PUBLIC = {
    *("api.device", "api.devices", "api.nomenclature", "api.openapi", "api.supplier"),
    *("api.suppliers", "api.term", "api.udi", "fhir.metadata"),
}
OF_PILOTS = {
    *("fhir.device", "fhir.devices", "fhir.metric", "fhir.metrics", "fhir.observation"),
    *("fhir.observations", "sensorthings.read", "sensorthings.root"),
    *("pilots.readings.file", "pilots.evidence.readings"),
}


def scope_of(name, method="GET", authorization="Bearer abc"):
    path, handler = HANDLERS[name]
    headers = [(b"authorization", authorization.encode())]
    return {"route_handler": handler, "method": method, "path": path, "headers": headers}


def test_these_addresses_and_no_others_take_a_key_and_they_only_read():
    taking = {name for name in HANDLERS if for_programs(scope_of(name))}

    assert taking == PUBLIC | OF_PILOTS
    assert {method for name in taking for method in HANDLERS[name][1].http_methods} <= {
        "GET", "HEAD", "OPTIONS",
    }  # fmt: skip


def test_what_writes_takes_no_key_even_when_it_says_so():
    @get("/a", opt=FOR_PROGRAMS, sync_to_thread=False)
    def read() -> None: ...

    @post("/a", opt=FOR_PROGRAMS, sync_to_thread=False)
    def write() -> None: ...

    asked = [("GET", read), ("HEAD", read), ("POST", write), ("GET", None)]
    scopes = [{"route_handler": one, "method": how, "path": "/a"} for how, one in asked]
    assert [for_programs(one) for one in scopes] == [True, True, False, False]


def test_only_a_bearer_shows_a_key():
    said = ("Bearer abc", "bearer  abc ", "Bearer", "Basic abc", "")
    assert [key_shown(scope_of("fhir.devices", authorization=one)) for one in said] == [
        "abc", "abc", "", None, None,
    ]  # fmt: skip
    assert key_shown(scope_of("accounts.account")) is None


def test_the_example_is_an_address_that_wants_a_key():
    packages = [SimpleNamespace(controllers=[handler for _, handler in HANDLERS.values()])]
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(packages=packages)))
    empty = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(packages=[])))

    assert example_path(request).startswith("/fhir/r4/")
    assert example_path(empty) == "/api/v1/openapi.json"
