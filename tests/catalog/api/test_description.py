async def test_the_description_names_every_address(client):
    document = (await client.get("/api/v1/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert {
        "/api/v1/devices",
        "/api/v1/devices/{handle}",
        "/api/v1/suppliers",
        "/api/v1/suppliers/{organisation_id}",
        "/api/v1/udi",
        "/api/v1/nomenclature",
        "/api/v1/nomenclature/{code}",
    } <= set(document["paths"])
