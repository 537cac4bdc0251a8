import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup

from portal.web.rendering import DirectEnvironment


@pass_context
def name_of(context: dict[str, str], mark: str) -> str:
    return f"{mark}{context['name']}"


TEMPLATES = {
    "parts.html": (
        '{% macro cell(text, kind="plain") %}<b class="{{ kind }}">{{ text }}</b>{% endmacro %}'
        "{% macro row() %}<i>{{ caller() }}</i>{% endmacro %}"
    ),
    "page.html": (
        '{% import "parts.html" as parts %}'
        "{{ parts.cell(name) }}{{ parts.cell(kind='<k>', text=safe) }}{{ number }}{{ none }}"
        "{% for one in names %}{{ loop.index }}{{ shout(one) }}{{ mark(one) }}{% endfor %}"
        "{% call parts.row() %}{{ name }}{{ '<' | upper }}{% endcall %}"
        "{% set kept %}{{ name }}{% endset %}{{ kept }}{{ names | join(',') }}{{ name ~ safe }}"
        "{% autoescape false %}{{ name }}{% endautoescape %}"
    ),
    "missing.html": "{{ nothing }}",
}
VALUES = {"name": "<a & 'b'>", "safe": Markup("<hr>"), "number": 3, "names": ["<", "é"]}


def rendered(kind: type[Environment], template: str) -> str:
    env = kind(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    env.globals |= {"shout": str.upper, "mark": name_of}
    return env.get_template(template).render(VALUES)


def test_a_page_is_the_one_that_jinja_alone_would_write():
    assert rendered(DirectEnvironment, "page.html") == rendered(Environment, "page.html")


def test_what_people_wrote_is_escaped():
    text = rendered(DirectEnvironment, "page.html")

    assert text.startswith('<b class="plain">&lt;a &amp; &#39;b&#39;&gt;</b>')


def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        rendered(DirectEnvironment, "missing.html")
