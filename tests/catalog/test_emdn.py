import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.emdn import ancestors, is_assignable, is_node, level, normal_code, path

nodes = st.builds(
    lambda letter, pairs: letter + "".join(pairs),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXZ"),
    st.lists(st.text("0123456789", min_size=2, max_size=2), max_size=6),
)


@pytest.mark.parametrize(
    ("code", "node", "assignable"),
    [
        ("Z", True, False),
        ("Z12", True, False),
        ("Z1202", True, True),
        ("Z120208010203", True, True),
        ("Z12020801020304", False, False),
        ("Z1", False, False),
        ("z12", False, False),
        ("12", False, False),
        ("", False, False),
    ],
)
def test_the_form_of_a_code(code, node, assignable):
    assert (is_node(code), is_assignable(code)) == (node, assignable)


def test_ancestors_and_path_lead_from_the_category_down():
    assert ancestors("Z120208") == ("Z", "Z12", "Z1202")
    assert path("Z1202") == "Z/Z12/Z1202"
    assert path("nonsense") == ""
    assert normal_code(" z12.02 08 ") == "Z120208"


@given(nodes)
def test_every_ancestor_is_a_shorter_node_that_the_code_starts_with(code):
    above = ancestors(code)

    assert [level(one) for one in above] == list(range(1, level(code)))
    assert all(is_node(one) and code.startswith(one) for one in above)
    assert path(code).split("/") == [*above, code]
