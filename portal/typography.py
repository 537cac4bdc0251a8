"""The spaces French puts before a colon or a question mark and inside its quotation marks."""

import re

NO_BREAK = "\u00a0"  # before a colon and inside « »
NARROW = "\u202f"  # before ; ? and !
_GAP = "[ \u00a0\u202f]"
# A mark that ends a word: the colon of 14:30 or https:// and the ? of an address end none, and
# the semicolon of &amp; belongs to it.
_ENTITY = r"&#?\w+;"
_HIGH = re.compile(rf"({_ENTITY})|(?:{_GAP}+|(?<=[\w)%»”…]))([;?!]+)(?=[\s»)”]|$)")
_COLON = re.compile(rf"(?:{_GAP}+|(?<=[\w)%»”…])):(?=[\s»)”]|$)")
_OPENING = re.compile(rf"«{_GAP}*")
_CLOSING = re.compile(rf"{_GAP}*»")


def french(text: str) -> str:
    """Return a French text with the no-break spaces of the Imprimerie nationale's rules."""
    text = _HIGH.sub(lambda found: found[1] or f"{NARROW}{found[2]}", text)
    text = _COLON.sub(f"{NO_BREAK}:", text)
    return _CLOSING.sub(f"{NO_BREAK}»", _OPENING.sub(f"«{NO_BREAK}", text))
