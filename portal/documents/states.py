"""The life of a document."""

from enum import StrEnum


class DocumentState(StrEnum):
    """Whether a document may be read."""

    QUARANTINED = "quarantined"  # kept, but the virus scanner could not be asked yet
    AVAILABLE = "available"
    REFUSED = "refused"  # the virus scanner found something; the file is gone


DOCUMENT_MOVES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.QUARANTINED: frozenset({DocumentState.AVAILABLE, DocumentState.REFUSED}),
    DocumentState.AVAILABLE: frozenset(),
    DocumentState.REFUSED: frozenset(),
}
