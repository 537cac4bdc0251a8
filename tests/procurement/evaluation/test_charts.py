"""Charts say exactly what their tables say, in every direction, and nothing gets out of them."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from procurement.evaluation import charts, words
from procurement.evaluation.drawing import WIDTH, Canvas, wrapped
from procurement.evaluation.report import environment
from procurement.evaluation.ruler import closest_below, ruler
from procurement.scoring.robustness.sweep import Span, Sweep

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\" onload='x' & « B »"


def plain(text: str) -> str:
    """Return a text with usual spaces in the place of those that do not break."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def swept() -> Sweep:
    spans = (
        Span("A", Fraction(0), Fraction(1, 20), includes_high=False),
        Span("B", Fraction(1, 20), Fraction(59, 250)),
        Span("C", Fraction(59, 250), Fraction(1), includes_low=False),
    )
    return Sweep("price", Fraction(1, 5), spans)


def statutory(**more) -> charts.Ruler:
    """The first vector: P = 983,125; F is the closest below it."""
    offers = {"A": 125_000_000, "B": 74_000_000, "D": 75_000_000, "F": 93_000_000, "G": 98_500_000}
    return charts.Ruler(
        low=Fraction(75_000_000), estimate=100_000_000, mean=Fraction(96_625_000),
        reference=Fraction(98_312_500), high=Fraction(120_000_000), offers=offers,
        currency="MAD", winner="F", **more,
    )  # fmt: skip


def all_of(label=str) -> list[charts.Chart]:
    offers = [charts.Offer("A", 100, Fraction(70), 2), charts.Offer("B", 300, Fraction(90), 1)]
    parts = {"B": (Fraction(30), Fraction(45)), "A": (Fraction(40), Fraction(35))}
    return [
        charts.sweep("s", swept(), criterion="Prix", label=label),
        *charts.acceptability("r", ["A", "B"], [[3, 1], [1, 3]], label=label),
        charts.plane("p", offers, currency="MAD", winner="B", label=label),
        *charts.contributions(
            "c", {"Prix": Fraction(40), "Qualité": Fraction(60)}, parts, winner="B", label=label
        ),
        *ruler("u", statutory(), label=label),
    ]


def drawn(chart: charts.Chart, *, printed: bool = False) -> ElementTree.Element:
    """Return the drawing as XML: it would not parse if anything were left open or unescaped."""
    template = environment().from_string(
        "{% import 'chart.html' as charts with context %}{{ charts.svg(chart) }}"
    )
    text = template.render(chart=chart, printed=printed)
    return ElementTree.fromstring(text.strip().replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_every_drawing_is_whole_described_and_without_style_or_script(language):
    with words.speaking(language):
        for chart in all_of():
            svg = drawn(chart)
            names = {node.tag.removeprefix(SVG) for node in svg.iter()}
            attributes = {name for node in svg.iter() for name in node.attrib}

            assert names <= {"svg", "title", "desc", "rect", "line", "circle", "text"}
            assert {one for one in attributes if one == "style" or one.startswith("on")} == set()
            assert svg.attrib["aria-labelledby"].split() == [
                svg[0].attrib["id"],
                svg[1].attrib["id"],
            ]
            assert (svg.attrib["role"], bool(svg[0].text), bool(svg[1].text)) == ("img", True, True)


def test_a_hostile_name_stays_text():
    with words.speaking("fr"):
        for chart in all_of(label=lambda _bid: HOSTILE):
            svg = drawn(chart)

            assert svg.findall(f".//{SVG}script") == []
            assert any(HOSTILE[:15] in (node.text or "") for node in svg.iter(f"{SVG}text")) or (
                chart.name == "p"
            )


def test_on_paper_the_words_are_not_in_the_drawing():
    with words.speaking("ar"):
        assert [len(drawn(one, printed=True).findall(f"{SVG}text")) for one in all_of()] == [0] * 5


def test_the_sweep_says_from_where_to_where_its_winner_wins():
    with words.speaking("fr"):
        chart = charts.sweep("s", swept(), criterion="Prix", label=str)

    assert plain(chart.summary) == (
        "L’offre B l’emporte pour un poids de « Prix » de 5,0 % à 23,6 %."
    )
    assert tuple(tuple(map(plain, row)) for row in chart.table.rows) == (
        ("A", "0,0 %", "5,0 %"), ("B", "5,0 %", "23,6 %"), ("C", "23,6 %", "100,0 %"),
    )  # fmt: skip


def test_the_drawn_words_of_the_sweep_are_those_of_its_table():
    with words.speaking("en"):
        chart = charts.sweep("s", swept(), criterion="Price", label=str)

    shown = [one.text for one in chart.shapes if one.attributes.get("text-anchor") == "end"]
    assert shown == [f"{low} – {high}" for _bid, low, high in chart.table.rows]


def test_ranks_are_shares_with_one_decimal_and_the_best_comes_first():
    with words.speaking("en"):
        (chart,) = charts.acceptability("r", ["A", "B", "C"], [[1, 2, 0], [2, 0, 1], [0, 1, 2]])

    assert chart.table.rows == (
        ("B", "66.7\u00a0%", "0.0\u00a0%", "33.3\u00a0%"),
        ("A", "33.3\u00a0%", "66.7\u00a0%", "0.0\u00a0%"),
        ("C", "0.0\u00a0%", "33.3\u00a0%", "66.7\u00a0%"),
    )  # fmt: skip
    cells = [one.text for one in chart.shapes if one.tag == "text" and one.text.endswith("%")]
    assert cells == [text for row in chart.table.rows for text in row[1:]]


def test_fifty_bids_become_three_drawings_and_the_last_ranks_one_column():
    bids = [f"B{place}" for place in range(50)]
    counts = [[1] * 50 for _ in bids]
    with words.speaking("en"):
        found = charts.acceptability("r", bids, counts)

    assert [len(one.table.rows) for one in found] == [20, 20, 10]
    assert found[0].table.head == ("Bid", *(f"Rank {n}" for n in range(1, 9)), "Rank ≥ 9")
    assert found[0].table.rows[0][1:] == ("2.0\u00a0%",) * 8 + ("84.0\u00a0%",)
    assert max(one.height for one in found) <= 700


def test_the_ruler_names_the_closest_below_and_not_the_closest():
    data = statutory()
    with words.speaking("fr"):
        (chart,) = ruler("u", data)

    assert closest_below(data) == "F"
    assert chart.table.rows == (
        ("Borne inférieure", words_of(75_000_000), ""),
        ("Moyenne M", words_of(96_625_000), ""),
        ("Prix de référence P", words_of(98_312_500), ""),
        ("Estimation E", words_of(100_000_000), ""),
        ("Borne supérieure", words_of(120_000_000), ""),
        ("A", words_of(125_000_000), "au-dessus de la borne supérieure"),
        ("G", words_of(98_500_000), "au-dessus du prix de référence"),
        ("F", words_of(93_000_000), "au-dessous du prix de référence"),
        ("D", words_of(75_000_000), "au-dessous du prix de référence"),
        ("B", words_of(74_000_000), "au-dessous de la borne inférieure"),
    )


def words_of(centimes: int) -> str:
    with words.speaking("fr"):
        return words.money(centimes, "MAD")


def test_bars_are_as_long_as_their_points():
    parts = {"B": (Fraction(30), Fraction(45)), "A": (Fraction(40), Fraction(0))}
    with words.speaking("en"):
        (chart,) = charts.contributions("c", {"P": Fraction(40), "Q": Fraction(60)}, parts)

    rects = [one for one in chart.shapes if one.tag == "rect"]
    tracks = [float(one.attributes["width"]) for one in rects if one.attributes["class"] == "track"]
    bars = [float(one.attributes["width"]) for one in rects if one.attributes["class"] != "track"]
    shares = [round(bar / track, 3) for bar, track in zip(bars, tracks, strict=True)]
    assert shares == [0.75, 0.75, 1.0, 0.0]
    assert chart.table.rows == (("B", "30.00", "45.00", "75.00"), ("A", "40.00", "0.00", "40.00"))


def test_arabic_is_the_mirror_of_french():
    with words.speaking("fr"):
        left = Canvas()
        left.rect("track", 10, 0, 30, 5)
        left.text("name", 10, 0, "B")
    with words.speaking("ar"):
        right = Canvas()
        right.rect("track", 10, 0, 30, 5)
        right.text("name", 10, 0, "B")

    assert [one.attributes["x"] for one in left.shapes] == ["10", "10"]
    assert [one.attributes["x"] for one in right.shapes] == [str(WIDTH - 40), str(WIDTH - 10)]
    anchors = [one.shapes[1].attributes["text-anchor"] for one in (left, right)]
    assert anchors == ["start", "end"]
    assert right.shapes[1].text == "\u2068B\u2069"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 20), "5,0 %"), (Fraction(2364, 10000), "23,6 %"),
        (Fraction(2365, 10000), "23,7 %"),
        (0, "0,0 %"), (1, "100,0 %"),
    ],
)  # fmt: skip
def test_shares_have_one_decimal_rounded_half_up(value, text):
    with words.speaking("fr"):
        assert plain(words.share(value)) == text


LONG = "Délai de livraison, d’installation et de mise en service"
BIDDER = "B1 · Équipements médico-techniques du Nord"


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_long_names_are_wrapped_in_charts_and_whole_in_their_tables(language):
    parts = {"B": (Fraction(30), Fraction(45)), "A": (Fraction(40), Fraction(35))}
    with words.speaking(language):
        found = [
            charts.sweep("s", swept(), criterion="Prix", label=lambda _: BIDDER),
            *charts.acceptability("r", ["A", "B"], [[3, 1], [1, 3]], label=lambda _: BIDDER),
            *charts.contributions(
                "c", {LONG: Fraction(40), "Prix": Fraction(60)}, parts, label=lambda _: BIDDER
            ),
            *ruler("u", statutory(), label=lambda _: BIDDER),
        ]

    for chart in found:
        said = [one.text.strip("\u2068\u2069") for one in chart.words()]
        first = said.index("B1 · Équipements")
        assert said[first + 1] == "médico-techniques du Nord"
        assert BIDDER in {row[0] for row in chart.table.rows}
    heads = " ".join(one.text.strip("\u2068\u2069") for one in found[-2].words()[:2])
    assert (heads, found[-2].table.head[1]) == (LONG, LONG)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Prix", ["Prix"]),
        ("", [""]),
        ("un deux trois quatre", ["un deux", "trois", "quatre"]),
        ("un deux trois quatre cinq six", ["un deux", "trois", "quatre …"]),
        ("Interopérabilité", ["Interop-", "érabili-", "té"]),
    ],
)
def test_a_name_is_wrapped_at_words_and_only_what_fits_no_line_is_parted(text, lines):
    assert wrapped(text, 8, 3) == lines
