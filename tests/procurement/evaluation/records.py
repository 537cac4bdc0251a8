"""Records that the tests of the report read, each made once, and text without its marks."""

from functools import cache

from tests.procurement.evaluation import files

LANGUAGES = ("fr", "ar", "en")
RECORDS = {
    "first": files.first_vector,
    "lots": files.three_lots,
    "studies": files.studies,
    "points": files.points,
}


@cache
def made(name: str):
    return RECORDS[name]()


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")
