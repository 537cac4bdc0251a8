"""What may go wrong with a mail."""


class UnusableAddress(ValueError):
    """The address cannot stand in the header of a mail."""


class TemporaryTrouble(Exception):
    """The mail server could not take it now; it is tried again."""


class Refused(Exception):
    """The mail server will never take it, or it cannot be written."""
