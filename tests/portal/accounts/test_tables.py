from portal.accounts.tables import Province, Region


async def test_the_twelve_regions_and_their_provinces_are_there(db):
    assert await Region.count() == 12
    assert await Province.count() == 83
    tanger = await Region.objects().get(Region.code == "01")
    assert (tanger.name_fr, tanger.name_ar) == ("Tanger-Tétouan-Al Hoceima", "طنجة-تطوان-الحسيمة")
