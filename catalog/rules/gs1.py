"""Reading GS1 element strings, as a scanner, a label or a web address writes them."""

from biip import ParseConfig, ParseError, gs1_prefixes
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementStrings
from biip.gs1_messages import GS1Message

# A table of the companies of the world, 19 MB, that nothing here asks for.
gs1_prefixes._GS1_COMPANY_PREFIX_TRIE = {}


class NotGs1(ValueError):
    """The text holds no GS1 element strings; it says where they end."""


def elements(code: str, *, separator: str) -> GS1ElementStrings:
    """Return the element strings of a message, of its readable form or of a digital link.

    Raises:
        NotGs1: it is none of these.
    """
    config = ParseConfig(separator_chars=(separator,))
    try:
        if code.lower().startswith("http"):
            return GS1DigitalLinkURI.parse(code, config=config).element_strings
        if code.startswith("("):
            return GS1Message.parse_hri(code.replace(separator, ""), config=config).element_strings
        return GS1Message.parse(code, config=config).element_strings
    except (ParseError, ValueError) as error:
        raise NotGs1(str(error)[:120]) from error
