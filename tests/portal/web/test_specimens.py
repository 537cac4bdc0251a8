async def test_the_component_page_shows_both_directions(client):
    page = (await client.get("/ar/components")).text

    assert '<section class="specimen" dir="ltr">' in page
    assert '<html lang="ar" dir="rtl">' in page
