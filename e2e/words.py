"""What the pages say, in the language of the visitor: never written twice."""

from dataclasses import dataclass
from gettext import NullTranslations

from portal.web.i18n import translations


@dataclass(frozen=True)
class Words:
    """The portal's words in one language, by their English source."""

    code: str

    def __call__(self, message: str, **values: object) -> str:
        """Return the text of ``message`` as a page shows it.

        Raises:
            KeyError: no translation is there, so the test would look for English words.
        """
        text = self._catalogue.gettext(message)
        if self.code != "en" and text == message:
            raise KeyError(f"no {self.code} translation of {message!r}")
        return text % values if values else text

    def many(self, singular: str, plural: str, number: int) -> str:
        """Return the form for ``number``, with the number in it."""
        text = self._catalogue.ngettext(singular, plural, number)
        return text % {"num": number}

    def path(self, rest: str = "") -> str:
        """Return the address of a page in this language."""
        return f"/{self.code}{rest}"

    @property
    def direction(self) -> str:
        """Return the direction of the page."""
        return "rtl" if self.code == "ar" else "ltr"

    @property
    def _catalogue(self) -> NullTranslations:
        return NullTranslations() if self.code == "en" else translations(self.code)
