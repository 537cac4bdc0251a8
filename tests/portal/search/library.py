"""A small index of medical devices in three languages, for the tests of search."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid5

from portal.search.index import Document, Facet, FacetKind, Index
from portal.search.synonyms import Synonyms

SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


class Library:
    """Documents by name; what is taken out is gone for the index as well."""

    def __init__(self) -> None:
        self.documents: dict[UUID, Document] = {}
        self.index = Index(
            name="books",
            load=self.load,
            all_ids=self.all_ids,
            facets=(
                Facet("class", "Class"),
                Facet("emdn", "Nomenclature", FacetKind.TREE),
                Facet("price", "Price", FacetKind.NUMBER),
            ),
            sorts=("title", "price"),
            boost="boost",
            open_numbers="attribute.",
            synonyms=Synonyms(
                [["tensiomètre", "مضغاط", "sphygmomanometer"], ["lit", "سرير", "bed"]]
            ),
        )

    async def load(self, ids: Sequence[UUID]) -> list[Document]:
        return [self.documents[one] for one in ids if one in self.documents]

    async def all_ids(self) -> AsyncIterator[Sequence[UUID]]:
        yield list(self.documents)

    def put(
        self,
        name: str,
        *,
        ar: str = "",
        en: str = "",
        text: str = "",
        identifiers: tuple[str, ...] = (),
        classes: tuple[str, ...] = (),
        emdn: tuple[str, ...] = (),
        **numbers: float,
    ) -> UUID:
        """Add a document, or change the one of this French name."""
        id = uuid5(SPACE, name)
        self.documents[id] = Document(
            id=id,
            titles={"fr": name, "ar": ar, "en": en},
            texts={"fr": text},
            identifiers=identifiers,
            facets={"class": classes, "emdn": emdn},
            numbers={key.replace("__", "."): value for key, value in numbers.items()},
            card={"name": name},
        )
        return id

    def remove(self, name: str) -> UUID:
        id = uuid5(SPACE, name)
        del self.documents[id]
        return id


def names(result) -> list[str]:
    """Return the names of the results in their order."""
    return [hit.card["name"] for hit in result.hits]
