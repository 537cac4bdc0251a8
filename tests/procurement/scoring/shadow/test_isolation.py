"""The shadow methods cannot reach an award: nothing that decides or records imports them."""

from dataclasses import fields

import pytest

from procurement.scoring.shadow.ahp import Ahp
from procurement.scoring.shadow.promethee import Promethee
from procurement.scoring.shadow.topsis import Topsis
from procurement.scoring.shadow.vikor import Vikor
from tests.sources import ROOT, files, imported, module_of, name

SHADOW = "procurement.scoring.shadow"
# Before publication nothing is decided, and a report that says so may show them.
MAY_SHOW = ("procurement.scoring.drafting", "procurement.evaluation")
DECIDING = [
    path
    for path in files(".py")
    if not module_of(path).startswith((SHADOW, *MAY_SHOW))
    and path.is_relative_to(ROOT / "procurement")
]


@pytest.mark.parametrize("path", DECIDING, ids=name)
def test_nothing_that_decides_imports_a_shadow_method(path):
    assert {one for one in imported(path) if one.startswith(SHADOW)} == set()


@pytest.mark.parametrize("result", [Topsis, Vikor, Promethee, Ahp])
def test_every_result_says_that_it_does_not_decide(result):
    mark = {field.name: field.default for field in fields(result)}["decides"]

    assert (mark, result.__dataclass_params__.frozen) == (False, True)
