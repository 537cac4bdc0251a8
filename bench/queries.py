"""What people ask: a mix of searches as buyers type them, in three languages, with filters."""

import random
from urllib.parse import urlencode

WORDS = [
    "pompe à perfusion", "cathéter", "électrocardiographe", "seringue stérile", "lit médicalisé",
    "defibrilateur", "compresse", "echographe portable", "catheter", "bone screw", "hip prosthesis",
    "surgical glove", "sterile", "infusion pump", "wheelchair", "stent", "dental implant",
    "مضخة تسريب", "قفازات", "المحقنة", "سرير طبى", "جهاز تخطيط القلب", "oxymetre", "pinfusion pmp",
]  # fmt: skip
FILTERS = [
    {}, {}, {}, {"class": "IIa"}, {"class": "IIb"}, {"origin": "morocco"}, {"origin": "foreign"},
    {"emdn": "Z"}, {"sort": "title"}, {"page": "2"}, {"view": "table"}, {"class": "I", "page": "3"},
]  # fmt: skip
LANGUAGES = ["fr", "fr", "fr", "ar", "en"]


def searches(count: int = 400) -> list[str]:
    """Return addresses of searches; a tenth has no words at all."""
    chance = random.Random(7)
    paths = []
    for number in range(count):
        asked = dict(chance.choice(FILTERS))
        if number % 10:
            asked["q"] = chance.choice(WORDS)
        paths.append(f"/{chance.choice(LANGUAGES)}/devices?{urlencode(asked)}")
    return paths
