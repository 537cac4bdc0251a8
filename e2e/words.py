"""What the pages say, in the language of the visitor: never written twice."""

from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations

from portal.web.i18n import translations


class Missing(NullTranslations):
    """What is asked when a language does not have a message."""

    def gettext(self, message: str) -> str:
        """Refuse: the test would look for English words on a page in another language."""
        raise KeyError(f"no translation of {message!r}")

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Refuse as well."""
        raise KeyError(f"no translation of {singular!r}")


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """Return the portal's messages in a language; what is missing raises ``KeyError``."""
    if code == "en":
        return NullTranslations()
    strict = copy(translations(code))
    strict.add_fallback(Missing())
    return strict


@dataclass(frozen=True)
class Words:
    """The portal's words in one language, by their English source."""

    code: str

    def __call__(self, message: str, **values: object) -> str:
        """Return the text of ``message`` as a page shows it."""
        text = catalogue(self.code).gettext(message)
        return text % values if values else text

    def many(self, singular: str, plural: str, number: int) -> str:
        """Return the form for ``number``, with the number in it."""
        return catalogue(self.code).ngettext(singular, plural, number) % {"num": number}

    def path(self, rest: str = "") -> str:
        """Return the address of a page in this language."""
        return f"/{self.code}{rest}"

    @property
    def direction(self) -> str:
        """Return the direction of the page."""
        return "rtl" if self.code == "ar" else "ltr"
