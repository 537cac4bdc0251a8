"""The imports there are, by name."""

from collections.abc import Callable
from functools import partial

from catalog.importers import emdn, eudamed, gudid
from catalog.importers.running import Importer
from catalog.importers.writing import recognise_codes, write_devices, write_terms


def emdn_importer(language: str | None = None) -> Importer:
    """Return the import of the nomenclature; ``language`` is that of the names in the file."""
    read = partial(emdn.read, language=language)
    return Importer("emdn", read, write_terms, recognise_codes, options=language or "")


REGISTERS: dict[str, Callable[[], Importer]] = {
    "gudid": lambda: Importer("gudid", gudid.read, write_devices),
    "eudamed": lambda: Importer("eudamed", eudamed.read, write_devices),
}
