"""What both adapters promise. Meilisearch is asked when ``MEILI_URL`` names a server."""

import asyncio
import os

import pytest

from portal.search.index import FacetValue, Query
from portal.search.postgres import PostgresAdapter
from portal.search.writing import writing
from tests.portal.search.library import Library, names


@pytest.fixture(params=["postgres", "meilisearch"])
async def adapter(request, db):
    if request.param == "postgres":
        yield PostgresAdapter()
        return
    if not os.environ.get("MEILI_URL"):
        pytest.skip("MEILI_URL names no Meilisearch server")
    from portal.search.meilisearch import MeilisearchAdapter

    adapter = MeilisearchAdapter(prefix=f"test-{os.getpid()}-")
    yield adapter
    await adapter.remove(Library().index)
    await adapter.close()


@pytest.fixture
def library():
    library = Library()
    library.put(
        "Défibrillateur externe automatisé",
        ar="مزيل الرجفان الخارجي الآلي",
        en="Automated external defibrillator",
        text="Analyse du rythme cardiaque et choc électrique, hôpital de Safi (آسفي)",
        identifiers=("03601234567890", "DEA-100"),
        classes=("IIb",),
        emdn=("Z/Z12/Z1203",),
        price=12000,
        attribute__energy=360,
        boost=100,
    )
    library.put(
        "Électrocardiographe 12 pistes",
        ar="جهاز تخطيط القلب ٣ قنوات",
        en="Electrocardiograph",
        text="Enregistre l'activité du cœur; إدارة المستلزمات الطبية",
        identifiers=("ECG/12-B",),
        classes=("IIa",),
        emdn=("Z/Z12/Z1205",),
        price=8000,
    )
    library.put(
        "Pompe à perfusion",
        ar="مضخة تسريب",
        en="Infusion pump",
        text="Défibrillateur compatible; مُسْتَشْفَى",
        classes=("IIb",),
        emdn=("A/A03", "Z/Z12/Z1203"),
        price=5000,
        attribute__flow=999,
    )
    library.put("Gants d'examen", en="Examination gloves", classes=("I",), emdn=("T/T01",))
    return library


@pytest.fixture
async def ask(adapter, library):
    async with writing(library.index):
        await adapter.write(library.index, list(library.documents.values()), [])

    async def ask(words="", **given):
        return await adapter.search(library.index, Query(words, **given))

    return ask


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("electrocardiographe", "Électrocardiographe 12 pistes", id="accents"),
        pytest.param("l'électrocardiographe", "Électrocardiographe 12 pistes", id="elision"),
        pytest.param("electrocardiographes", "Électrocardiographe 12 pistes", id="french-plural"),
        pytest.param("coeur", "Électrocardiographe 12 pistes", id="ligature"),
        pytest.param("infusion pumps", "Pompe à perfusion", id="english-plural"),
        pytest.param("مستشفي", "Pompe à perfusion", id="harakat-and-maqsura"),
        pytest.param("المستشفى", "Pompe à perfusion", id="article"),
        pytest.param("اسفي", "Défibrillateur externe automatisé", id="madda"),
        pytest.param("ادارة", "Électrocardiographe 12 pistes", id="hamza"),
        pytest.param("مستلزمات", "Électrocardiographe 12 pistes", id="without-article"),
        pytest.param("قنوات 3", "Électrocardiographe 12 pistes", id="digits"),
        pytest.param("gants examen", "Gants d'examen", id="stop-words"),
        pytest.param("examin", "Gants d'examen", id="beginning-while-typing"),
    ],
)
async def test_words_are_found_in_every_spelling(ask, words, found):
    result = await ask(words)

    assert names(result) == [found]


async def test_title_ranks_above_text(ask):
    result = await ask("défibrillateur")

    assert names(result) == ["Défibrillateur externe automatisé", "Pompe à perfusion"]


@pytest.mark.parametrize("typed", ["électrocardiografe", "elecrtocardiographe", "gannts"])
async def test_typo_is_bridged(ask, typed):
    result = await ask(typed)

    assert result.total == 1


@pytest.mark.parametrize(
    "typed", ["03601234567890", "3601234567890", "DEA-100", "dea 100", "dea100"]
)
async def test_identifier_is_an_exact_hit_on_top(ask, typed):
    result = await ask(typed)

    assert names(result)[0] == "Défibrillateur externe automatisé"
    assert result.hits[0].exact


async def test_identifier_is_never_guessed(ask):
    assert (await ask("03601234567891")).total == 0


async def test_facets_are_counted_without_their_own_filter(ask):
    result = await ask(chosen={"class": ("IIb",)})

    assert result.total == 2
    assert result.unfiltered_total == 4
    assert result.facets["class"].values == (
        FacetValue("IIb", 2, chosen=True),
        FacetValue("I", 1),
        FacetValue("IIa", 1),
    )


async def test_values_of_one_facet_add_up_and_facets_narrow_each_other(ask):
    result = await ask(chosen={"class": ("IIb", "IIa"), "emdn": ("A",)})

    assert names(result) == ["Pompe à perfusion"]
    assert result.facets["class"].values == (
        FacetValue("IIb", 1, chosen=True),
        FacetValue("IIa", 0, chosen=True),
    )


async def test_tree_opens_level_by_level_and_counts_a_document_once(ask):
    closed = await ask()
    opened = await ask(chosen={"emdn": ("Z/Z12",)})

    assert closed.facets["emdn"].values == (
        FacetValue("A", 1),
        FacetValue("T", 1),
        FacetValue("Z", 3),
    )
    assert opened.total == 3
    assert opened.facets["emdn"].values == (
        FacetValue("A", 1),
        FacetValue("T", 1),
        FacetValue("Z", 3),
        FacetValue("Z/Z12", 3, chosen=True),
        FacetValue("Z/Z12/Z1203", 2),
        FacetValue("Z/Z12/Z1205", 1),
    )


async def test_number_range_narrows_and_its_extent_does_not_shrink(ask):
    result = await ask(ranges={"price": (6000, None)})

    assert result.total == 2
    price = result.facets["price"]
    assert (price.lowest, price.highest, price.having) == (5000, 12000, 3)


async def test_open_number_narrows_without_being_declared(ask):
    result = await ask(ranges={"attribute.energy": (300, 400)})

    assert names(result) == ["Défibrillateur externe automatisé"]
    assert result.facets["attribute.energy"].highest == 360


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price", ["Pompe", "Électro", "Défibri", "Gants"]),
        ("-price", ["Défibri", "Électro", "Pompe", "Gants"]),
        ("title", ["Défibri", "Électro", "Gants", "Pompe"]),
        ("-title", ["Pompe", "Gants", "Électro", "Défibri"]),
    ],
)
async def test_sorts_put_what_has_no_value_last(ask, sort, order):
    found = names(await ask(sort=sort))

    assert [a.startswith(b) for a, b in zip(found, order, strict=True)] == [True] * 4


async def test_boost_decides_between_equals(ask):
    assert names(await ask())[0] == "Défibrillateur externe automatisé"


async def test_pages_follow_each_other(ask):
    first, second, beyond = [await ask(per_page=3, page=page) for page in (1, 2, 99)]

    assert len({*names(first), *names(second)}) == 4
    assert (first.total, second.total, beyond.total) == (4, 4, 4)
    assert names(beyond) == []


async def test_nothing_matches_and_filters_exclude_all_differ(ask):
    nothing = await ask("xylophone")
    excluded = await ask("gants", chosen={"class": ("III",)})

    assert (nothing.total, nothing.unfiltered_total) == (0, 0)
    assert (excluded.total, excluded.unfiltered_total) == (0, 1)


async def test_unknown_filters_and_sorts_change_nothing(ask):
    result = await ask(chosen={"colour": ("red",)}, ranges={"weight": (1, 2)}, sort="colour")

    assert result.total == 4


async def test_some_of_the_words_answer_when_none_has_all(ask):
    result = await ask("pompe xylophone")

    assert names(result) == ["Pompe à perfusion"]
    assert result.partial


MEASURES = ["Sphygmomanometer, wall", "Tensiomètre de bras", "مضغاط المعصم"]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("tensiomètres", "Tensiomètre de bras"),
        ("sphygmomanometer", "Sphygmomanometer, wall"),
        ("المضغاط", "مضغاط المعصم"),
    ],
)
async def test_a_word_finds_what_means_the_same_and_what_has_it_itself_first(
    ask, adapter, library, words, first
):
    for title in MEASURES:
        library.put(title)
    async with writing(library.index):
        await adapter.write(library.index, list(library.documents.values()), [])

    result = await ask(words)

    assert (names(result)[0], sorted(names(result))) == (first, MEASURES)
    assert (result.corrected, result.partial) == (None, False)


async def test_a_synonym_narrows_like_any_word(ask, adapter, library):
    library.put("Lit médicalisé", text="hôpital")
    library.put("Hospital bed", text="for hospitals in Safi")
    async with writing(library.index):
        await adapter.write(library.index, list(library.documents.values()), [])

    assert names(await ask("lit safi")) == ["Hospital bed"]


async def test_change_replaces_and_removal_removes(ask, adapter, library):
    library.put("Gants d'examen", text="nitrile")
    gone = library.remove("Pompe à perfusion")
    async with writing(library.index):
        changed = list(library.documents.values())
        await adapter.write(library.index, changed, [gone])

    assert names(await ask("nitrile")) == ["Gants d'examen"]
    assert (await ask("pompe")).total == 0
    assert (await ask()).total == 3


async def test_rebuild_goes_on_answering_and_forgets_what_is_gone(ask, adapter, library):
    library.remove("Pompe à perfusion")
    totals = []

    async def watch(done: asyncio.Event):
        while not done.is_set():
            totals.append((await ask("gants")).total)
            await asyncio.sleep(0)

    done = asyncio.Event()
    watching = asyncio.create_task(watch(done))
    count = await adapter.rebuild(library.index)
    done.set()
    await watching

    assert count == 3
    assert set(totals) == {1}
    assert (await ask("pompe")).total == 0


async def test_status_counts_the_documents(ask, adapter, library):
    assert (await adapter.status(library.index)).documents == 4
