"""Folding: how a word is written so that all its spellings meet, in Arabic, French and English.

The same folding is applied to what is indexed and to what is asked. The order matters: Arabic
letters are replaced on composed text (NFKC), before anything is decomposed, or « آسفي » keeps a
stray madda and never meets « اسفي ».
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

# Raise it when folding changes: documents are then written again by the next rebuild.
FOLDING_VERSION = 1

MAX_WORD = 64

_ARABIC = {
    "آ": "ا", "أ": "ا", "إ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",  # alef forms
    "ؤ": "و", "ئ": "ي", "ء": "",  # hamza and its carriers
    "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي",  # alef maqsura, Persian and Urdu ya
    "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه",  # ta marbuta and foreign ha
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك", "ݣ": "ك",  # keheh; Moroccan and Persian gaf
    "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز",
    "ـ": "",  # tatweel
}  # fmt: skip
_LATIN = {
    "œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
    "μ": "u", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'",
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "\u00ad": "",
}  # fmt: skip
# Bidirectional and zero-width marks come along when text is pasted; they are never meant.
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x061C], ""
)
_DIGITS = {ord("٠") + n: str(n) for n in range(10)} | {ord("۰") + n: str(n) for n in range(10)}
_HARAKAT = dict.fromkeys(
    [*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670], ""
) | dict.fromkeys(range(0x06D6, 0x06EE), "")
_REPLACED = str.maketrans(_ARABIC | _LATIN) | _INVISIBLE | _DIGITS | _HARAKAT

_ELISION = re.compile(r"\b(?:qu|jusqu|lorsqu|puisqu|quoiqu|[cdjlmnst])'(?=\w)")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?=\w{2})")
_FEMININE = re.compile(r"(?<=\w{3})ees?$")
# The ending ة is folded to ه, so « ية » is « يه ».
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

_STOP_WORDS = (
    # French
    "au aux avec ce ces cette dans de des du en et est la le les leur leurs ou par pas pour que qui"
    " sa se ses son sur un une ne plus sans sous entre etre il elle ils elles nous vous je tu"
    # English
    " a an and are as at be by for from has in is it its of on or that the this to was were will"
    " with which not"
    # Arabic, folded
    " في من علي الي عن مع او ان هذا هذه ذلك تلك التي الذي ما لا هو هي و ثم بين عند كل"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())

_STEMMERS = {
    code: Stemmer.Stemmer(name, 0)
    for code, name in (("fr", "french"), ("en", "english"), ("ar", "arabic"))
}


def fold(text: str) -> str:
    """Return ``text`` in the one spelling that is indexed and searched; words are not yet split."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).lower().translate(_REPLACED)
        if not text.isascii():
            text = "".join(
                c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
            )
    else:
        text = text.lower()
    if "'" in text:
        text = _POSSESSIVE.sub(" ", _ELISION.sub(" ", text))
    return text


def words(text: str) -> list[str]:
    """Return the folded words of ``text`` in order, stop words included."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=50_000)
def _indexed_piece(piece: str) -> frozenset[str]:
    """Fold one run of text without spaces; texts repeat their words, so most are remembered."""
    folded = fold(piece)
    found = _WORD.findall(folded)
    if "-" in folded:
        found += [one.replace("-", "") for one in _COMPOUND.findall(folded)]
    return frozenset(word[:MAX_WORD] for word in found) - STOP_WORDS


def indexed_words(text: str) -> set[str]:
    """Return what ``text`` is found by: its words, and compounds written as one (« x-ray »)."""
    return set().union(*map(_indexed_piece, text.split()))


def asked_words(text: str) -> list[str]:
    """Return the distinct words a person asks for; stop words only when there is nothing else."""
    every = list(dict.fromkeys(words(text)))
    return [word for word in every if word not in STOP_WORDS] or every


def without_article(word: str) -> str:
    """Return a folded Arabic word without its article and what clings to it (ال، وال، بال، لل)."""
    return _ARTICLE.sub("", word, count=1)


def light_stem(word: str) -> str:
    """Return a folded Arabic word without article and usual endings; at least two letters stay.

    Source: Larkey, Ballesteros and Connell, « Light stemming for Arabic information retrieval »
    (2007), the stemmer « light10 ».
    """
    word = without_article(word)
    if word.startswith("و") and len(word) >= 4:
        word = word[1:]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[: -len(ending)]
    return word


def stems(word: str) -> set[str]:
    """Return the stems by which a folded word meets its inflections, in the three languages.

    Two words are inflections of each other when they have a stem in common. A word with a digit
    (a reference, a size) has none but itself.
    """
    if not word.isalpha():
        return {word}
    if word.isascii():
        # The French stemmer knows « ée » by its accent, which folding took away.
        french = _FEMININE.sub("e", word)
        return {_STEMMERS["fr"].stemWord(french), _STEMMERS["en"].stemWord(word)}
    bare = without_article(word)
    return {bare, light_stem(word), _STEMMERS["ar"].stemWord(bare)}


@lru_cache(maxsize=2_000)
def forms(word: str) -> frozenset[str]:
    """Return the stems of a word that is asked for; people ask for the same words."""
    return frozenset(stems(word))


def identifier_key(text: str) -> str:
    """Return how an identifier is compared: letters and digits only; a GTIN always 14 digits."""
    key = "".join(_WORD.findall(fold(text))).upper()
    return key.zfill(14) if key.isdigit() and len(key) in (8, 12, 13) else key
