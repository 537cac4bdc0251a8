"""Why a file cannot be read, in our words and in every language."""

import json

import pytest

from procurement.commands import refusal
from procurement.evaluation import words
from procurement.scoring.errors import Malformed, RecordBroken
from procurement.scoring.reading import read
from procurement.scoring.reasons import Reason, not_of_the_format
from procurement.scoring.record import contents
from tests.procurement.scoring.test_reading import a_file


def file(**changes):
    return json.dumps(a_file(**changes))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{",
            "$ : ce n’est pas du JSON à la ligne 1, colonne 2 : il manque un nom entre "
            "guillemets droits.",
        ),
        ('{"a":\n "b"', "$ : ce n’est pas du JSON à la ligne 2, colonne 5 : il manque « , »."),
        ("", "$ : ce n’est pas du JSON à la ligne 1, colonne 1 : il manque une valeur."),
        (
            "{} x",
            "$ : ce n’est pas du JSON à la ligne 1, colonne 4 : le texte continue après la "
            "fin de l’objet.",
        ),
        (
            "\ufeff{}",
            "$ : il commence par une marque d’ordre des octets : enregistrez-le en UTF-8 "
            "sans elle.",
        ),
        (b"\xff{}", "$ : ce n’est pas un texte en UTF-8."),
        ("[" * 100_000, "$ : il est imbriqué trop profondément."),
        (
            "[]",
            "$ : on attend un objet entre « { » et « } », et non une liste entre « [ » et « "
            "] ».",
        ),
        (
            file(bid={"colour": "red"}),
            "$.dossier.bids[0] : le champ « colour » ne fait pas partie du format.",
        ),
        (
            file(bid={"lots": "1"}),
            "$.dossier.bids[0].lots : on attend une liste entre « [ » et « ] », et non un "
            "texte entre guillemets droits.",
        ),
        (
            file(bid={"id": ""}),
            "$.dossier.bids[0].id : c’est trop court : la plus petite longueur est 1.",
        ),
        (
            file(bid={"price": -1}),
            "$.dossier.bids[0].price : le nombre est trop petit : le plus petit est 0.",
        ),
        (
            file(bid={"technical": "1e3"}),
            "$.dossier.bids[0].technical : « 1e3 » n’est pas un nombre exact tel que « 12 "
            "», « 0.25 » ou « 1/4 ».",
        ),
        (
            file(bid={"technical": True}),
            "$.dossier.bids[0].technical : un nombre exact s’écrit comme un texte, tel que "
            "« 0.25 » ou « 1/4 », et non True.",
        ),
        (
            file(bid={"technical": 10**20}),
            "$.dossier.bids[0].technical : le nombre est trop grand : le plus grand est "
            "1000000000000000000.",
        ),
        (
            file(tender={"opened_on": "soon"}),
            "$.tender.opened_on : un jour s’écrit comme « 2026-03-31 ».",
        ),
        (
            file(tender={"method": {"kind": "beauty"}}),
            "$.tender.method.kind : « beauty » n’est aucune des valeurs que le format "
            "connaît.",
        ),
        (
            file(tender={"method": {"category": "supplies"}}),
            "$.tender.method : il manque le champ « kind ».",
        ),
        (file(seal="x"), "$.seal : on attend un SHA-256 : 64 chiffres de 0 à 9 et de a à f."),
        (
            file(tender={"lots": [{"id": "1", "estimate": "x"}]}),
            "$.tender.lots[0].estimate : on attend un nombre entier ou « null », et non un "
            "texte entre guillemets droits.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_is_french_to_its_end(text, said):
    assert told(text, "fr") == f"Le fichier ne peut être lu à {said}"
    assert not any(
        word in told(text, "ar") for word in ("expected", "Expected", "missing", "Object")
    )


def told(text, language) -> str:
    with pytest.raises(Malformed) as refused:
        read(text)
    with words.speaking(language):
        return refusal(refused.value).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_english_text_of_a_reason_is_the_reason():
    reason = Reason("%(first)s or %(second)s", first=Reason("a day"), second="x")
    other = {"%(first)s or %(second)s": "%(second)s ou %(first)s", "a day": "un jour"}

    assert (reason, reason.told(other.__getitem__)) == ("a day or x", "x ou un jour")


def test_what_msgspec_says_otherwise_is_not_lost():
    assert not_of_the_format("Something new") == "it is not what the format says (Something new)"


def test_a_broken_record_is_told_in_the_language_of_the_reader():
    with pytest.raises(RecordBroken) as broken:
        contents({"sections": [], "head": ""})
    with words.speaking("fr"):
        text = refusal(broken.value)

    assert "ce ne sont pas tender, dossier, engine, randomness, outcome" in text
