"""Words that mean the same, often in different languages: who asks for one finds the others too.

Which words they are, a package says of its index; they always weigh less than the word itself.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from portal.search.folding import forms, words


class Synonyms:
    """Groups of single words; a word is known by any of its inflections."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        # Folded words, once each; « œ » and « oe » are the same word.
        self._groups = [
            tuple(dict.fromkeys(word for text in group for word in words(text))) for group in groups
        ]
        self._by_form: dict[str, list[int]] = {}
        for number, group in enumerate(self._groups):
            for form in {form for word in group for form in forms(word)}:
                self._by_form.setdefault(form, []).append(number)

    def of(self, word: str) -> list[str]:
        """Return the folded words that mean what ``word`` (folded) means, without its own."""
        own = forms(word)
        found = (one for number in self._numbers(word) for one in self._groups[number])
        return [one for one in dict.fromkeys(found) if not forms(one) & own]

    def listed(self, word: str) -> str:
        """Return the form in which a folded word stands in a group, if it does."""
        own = forms(word)
        group = [one for number in self._numbers(word) for one in self._groups[number]]
        return word if word in group else next((one for one in group if forms(one) & own), word)

    def table(self) -> dict[str, list[str]]:
        """Return every listed word with those that mean the same."""
        return {word: self.of(word) for group in self._groups for word in group}

    def _numbers(self, word: str) -> list[int]:
        found = (number for form in forms(word) for number in self._by_form.get(form, ()))
        return sorted(set(found))


def read(path: Path) -> Synonyms:
    """Read a file with a group a line: ``source | words | words …``, commas between words."""
    groups = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            _source, *cells = line.split("|")
            texts = [one.strip() for cell in cells for one in cell.split(",")]
            groups.append([one for one in texts if one != "-"])
    return Synonyms(groups)


NONE = Synonyms()
