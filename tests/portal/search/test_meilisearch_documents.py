from meilisearch_python_sdk._client._common import build_multi_search_payload
from meilisearch_python_sdk.models.search import SearchParams

from portal.search.index import Facet, FacetKind, Index
from portal.search.meilisearch_documents import (
    filters,
    number_attribute,
    number_name,
    question,
    quoted,
    settings_of,
    written,
)
from tests.portal.search.library import Library


def test_written_gives_a_tree_one_attribute_per_level():
    library = Library()
    id = library.put("Pompe", emdn=("A/A03", "Z/Z12/Z1203"), classes=("IIb",))

    document = written(library.index, library.documents[id])

    assert document["t_emdn_0"] == ["A", "Z"]
    assert document["t_emdn_1"] == ["A/A03", "Z/Z12"]
    assert document["t_emdn_2"] == ["Z/Z12/Z1203"]
    assert document["t_class_0"] == ["IIb"]


def test_written_keeps_our_own_folding_beside_the_texts():
    library = Library()
    id = library.put("Pompe", ar="المُستلزمات", attribute__flow=3.5)

    document = written(library.index, library.documents[id])

    assert document["folded_title"].split() == sorted(
        {"pompe", "pomp", "المستلزمات", "مستلزمات", "مستلزم", "مستلزما"}
    )
    assert document["title_ar"] == "المُستلزمات"
    assert document["n_attribute__flow"] == 3.5
    assert document["present_numbers"] == ["attribute.flow"]


def test_question_finds_what_written_keeps():
    index = Library().index

    assert question(index, "المستشفى") == ["مستشف"]
    assert question(index, "l'Électrocardiographe de garde") == ["electrocardiographe", "garde"]


def test_words_with_synonyms_are_sent_as_the_settings_list_them():
    index = Library().index
    listed = settings_of(index).synonyms

    assert listed is not None
    assert listed["lit"] == ["سرير", "bed"]
    for word in ("lits", "السرير", "beds"):
        assert set(question(index, word)) <= set(listed)


def test_number_attribute_and_back():
    assert number_name(number_attribute("attribute.flow_max")) == "attribute.flow_max"


def test_quoted_cannot_end_the_filter():
    assert quoted('a" OR id != "b\\') == '"a\\" OR id != \\"b\\\\"'
    assert len(quoted("م" * 400).encode()) <= 462


def test_filters_are_one_condition_each_and_unknown_ones_none():
    async def nothing(ids):
        return []

    index = Index(
        "x",
        nothing,
        nothing,
        facets=(
            Facet("class", ""),
            Facet("emdn", "", FacetKind.TREE),
            Facet("p", "", FacetKind.NUMBER),
        ),
        open_numbers="attribute.",
    )

    found = filters(
        index,
        {"class": ("I", "IIa"), "emdn": ("Z/Z12",), "colour": ("red",)},
        {"p": (1.0, None), "attribute.flow": (None, 5.5), "weight": (1.0, 2.0)},
    )

    assert found == {
        "class": '(t_class_0 = "I" OR t_class_0 = "IIa")',
        "emdn": '(t_emdn_1 = "Z/Z12")',
        "p": '("n_p" >= 1.0)',
        "attribute.flow": '("n_attribute__flow" <= 5.5)',
    }


def test_settings_of_can_be_sent_as_the_server_reads_them():
    sent = settings_of(Library().index).model_dump(by_alias=True, exclude_none=True)

    assert sent["typoTolerance"]["minWordSizeForTypos"] == {"oneTypo": 4, "twoTypos": 8}
    assert sent["localizedAttributes"] == [
        {"locales": ["fra"], "attributePatterns": ["*_fr"]},
        {"locales": ["ara"], "attributePatterns": ["*_ar"]},
        {"locales": ["eng"], "attributePatterns": ["*_en"]},
    ]
    assert sent["rankingRules"][-1] == "n_boost:desc"
    assert sent["faceting"]["sortFacetValuesBy"] == {"*": "count"}


def test_multi_search_sends_no_field_older_servers_refuse():
    queries, federation = build_multi_search_payload([SearchParams(index_uid="x", query="q")], None)

    assert federation is None
    assert {"media", "personalize", "showPerformanceDetails"} & set(queries[0]) == set()
