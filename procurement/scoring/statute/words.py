"""French amounts in words and centimes: « trois cent mille dirhams et cinquante centimes ».

Reads the old spelling and that of 1990 (hyphens everywhere), plural marks or none, septante,
huitante, octante and nonante, and the ways Moroccan files write the currency. Writes the old or
the new spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from procurement.scoring.errors import AmountTooLarge, UnclearWords, UnknownWord

Spelling = Literal["1990", "old"]
Region = Literal["france", "belgium"]

MOST = 10**15 * 100 - 1
"""The largest amount in centimes: below a thousand billions (10^15) of dirhams."""

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_ELSEWHERE = {70: ("septante",), 80: ("huitante", "octante"), 90: ("nonante",)}
_SCALES = ((10**12, "billion"), (10**9, "milliard"), (10**6, "million"))
_REGIONS: tuple[Region, ...] = ("france", "belgium")
_DIRHAM = {"dirham", "dirhams", "dh", "dhs", "mad"}
_CENTIME = {"centime", "centimes", "cts", "ct", "ctm", "ctms"}
_ENDS = (("toutes", "taxes", "comprises"), ("ttc",), ("marocains",), ("marocain",))


def in_words(centimes: int, spelling: Spelling = "old", region: Region = "france") -> str:
    """Write an amount of dirhams in French words.

    Raises:
        AmountTooLarge: it is negative, or a thousand billions of dirhams or more.
    """
    if not 0 <= centimes <= MOST:
        raise AmountTooLarge("amount", value=centimes)
    whole, rest = divmod(centimes, 100)
    parts = []
    if whole or not rest:
        of = "de " if whole >= 10**6 and whole % 10**6 == 0 else ""
        parts.append(f"{number_in_words(whole, spelling, region)} {of}{_many('dirham', whole)}")
    if rest:
        parts.append(f"{number_in_words(rest, spelling, region)} {_many('centime', rest)}")
    return " et ".join(parts)


def number_in_words(number: int, spelling: Spelling = "old", region: Region = "france") -> str:
    """Write a whole number below 10^15 in French words."""
    words, rest = [], number
    for scale, name in _SCALES:
        count, rest = divmod(rest, scale)
        if count:
            words.append(f"{_below_thousand(count, region, last=True)} {_many(name, count)}")
    thousands, rest = divmod(rest, 1000)
    if thousands:
        many = "" if thousands == 1 else _below_thousand(thousands, region, last=False) + " "
        words.append(f"{many}mille")
    if rest or not number:
        words.append(_below_thousand(rest, region, last=True))
    text = " ".join(words)
    return text.replace(" ", "-") if spelling == "1990" else text.replace("-et-", " et ")


def _below_thousand(number: int, region: Region, *, last: bool) -> str:
    """Write 0 to 999; « cents » and « vingts » take their s only when nothing follows."""
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        cents = "cents" if hundreds > 1 and not rest and last else "cent"
        words += [*([_UNITS[hundreds]] if hundreds > 1 else []), cents]
    if rest or not hundreds:
        words.append(_below_hundred(rest, region, last=last))
    return " ".join(words)


def _below_hundred(number: int, region: Region, *, last: bool) -> str:
    if number < 20:
        return _UNITS[number]
    ten, unit = number - number % 10, number % 10
    if ten == 80 or (ten == 90 and region == "france"):
        return ("quatre-vingts" if last else "quatre-vingt") if number == 80 else (
            f"quatre-vingt-{_UNITS[number - 80]}"
        )  # fmt: skip
    if region == "belgium" and ten in _ELSEWHERE:
        name = _ELSEWHERE[ten][0]
    elif ten == 70:
        name, unit = "soixante", unit + 10
    else:
        name = _TENS[ten]
    if unit == 0:
        return name
    return f"{name}-et-{_UNITS[unit]}" if unit in (1, 11) else f"{name}-{_UNITS[unit]}"


def _many(name: str, number: int) -> str:
    return name if number < 2 else f"{name}s"


# --- reading -----------------------------------------------------------------------------------


def centimes_of(text: str, field: str = "words") -> int:
    """Read an amount in words; a hyphen is a space, capitals and accents do not matter.

    Raises:
        UnknownWord: a word is none of an amount's.
        UnclearWords: the words together are no amount, or could be two.
    """
    reader = _Reader(_tokens(text, field), text, field)
    whole = reader.count(_DIRHAM)
    reader.skip("et", before=whole is not None)
    rest = reader.count(_CENTIME)
    if reader.left or (whole is None and rest is None) or (rest or 0) > 99:
        raise UnclearWords(field, text=text)
    return (whole or 0) * 100 + (rest or 0)


def _plain(text: str) -> str:
    flat = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in flat if not unicodedata.combining(letter))


def _spellings() -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield every way to write 1 to 99, as words without hyphens and accents, with its value."""
    for number in range(1, 100):
        for region in _REGIONS:
            words = tuple(re.split("[- ]", _plain(_below_hundred(number, region, last=False))))
            yield words, number
            yield tuple(word for word in words if word != "et"), number
    for ten, names in _ELSEWHERE.items():
        for name in names:
            for unit in range(10):
                yield (name, *([_UNITS[unit]] if unit else [])), ten + unit
            yield (name, "et", "un"), ten + 1


_BELOW_HUNDRED = dict(_spellings())
_LONGEST = max(map(len, _BELOW_HUNDRED))
_CENT, _MILLE = {"cent", "cents"}, {"mille", "mil"}
_SCALE_WORDS = tuple((scale, {name, f"{name}s"}) for scale, name in _SCALES)
_KNOWN = (
    {word for words in _BELOW_HUNDRED for word in words}
    | _CENT | _MILLE | _DIRHAM | _CENTIME | {"et", "de", "zero"}
    | {name for _, names in _SCALE_WORDS for name in names}
    | {word for words in _ENDS for word in words}
)  # fmt: skip


def _tokens(text: str, field: str) -> list[str]:
    """Return the words without hyphens, dots, accents and capitals; each must be known."""
    spaced = re.sub(r"[\s,.#*\-\u2010\u2011\u2013]+", " ", _plain(text))
    words = ["vingt" if word == "vingts" else word for word in spaced.split()]
    for word in words:
        if word not in _KNOWN:
            raise UnknownWord(field, word=word)
    for end in _ENDS:
        if tuple(words[-len(end) :]) == end:
            del words[-len(end) :]
    return words


@dataclass(slots=True)
class _Reader:
    """Reads words from the left; what is ``left`` was not understood."""

    left: list[str]
    text: str
    field: str

    def count(self, unit: set[str]) -> int | None:
        """Read « number unit »; None, and nothing read, when it is not there."""
        before = list(self.left)
        number = self._number()
        if number is not None:
            self.skip("de", before=number >= 10**6 and number % 10**6 == 0)
            if self._one_of(unit):
                return number
        self.left = before
        return None

    def skip(self, word: str, *, before: bool) -> None:
        """Pass over a word where it may stand."""
        if before and self.left[1:] and self.left[0] == word:
            del self.left[0]

    def _one_of(self, words: set[str]) -> bool:
        found = bool(self.left) and self.left[0] in words
        if found:
            del self.left[0]
        return found

    def _number(self) -> int | None:
        if self._one_of({"zero"}):
            return 0
        total, found = 0, False
        for scale, names in _SCALE_WORDS:
            count = self._counted(names)
            total, found = total + (count or 0) * scale, found or count is not None
        thousands = self._counted(_MILLE)
        if thousands is None and self._one_of(_MILLE):
            thousands = 1
        elif thousands == 1:
            raise UnclearWords(self.field, text=self.text)
        rest = self._below_thousand()
        if not (found or thousands or rest):
            return None
        return total + (thousands or 0) * 1000 + (rest or 0)

    def _counted(self, names: set[str]) -> int | None:
        """Read « 1 to 999, name »; None, and nothing read, when it is not there."""
        before = list(self.left)
        count = self._below_thousand()
        if count is not None and self._one_of(names):
            return count
        self.left = before
        return None

    def _below_thousand(self) -> int | None:
        before = list(self.left)
        hundreds = self._unit_of_hundreds()
        rest = self._below_hundred()
        if hundreds is None and rest is None:
            self.left = before
            return None
        return (hundreds or 0) * 100 + (rest or 0)

    def _unit_of_hundreds(self) -> int | None:
        if self._one_of(_CENT):
            return 1
        if len(self.left) > 1 and self.left[1] in _CENT:
            many = _BELOW_HUNDRED.get((self.left[0],), 0)
            if 2 <= many <= 9:
                del self.left[:2]
                return many
        return None

    def _below_hundred(self) -> int | None:
        for length in range(min(_LONGEST, len(self.left)), 0, -1):
            number = _BELOW_HUNDRED.get(tuple(self.left[:length]))
            if number is not None:
                del self.left[:length]
                return number
        return None
