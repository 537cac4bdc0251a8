"""Every page a person reaches by links, on the narrowest window, in French and in Arabic."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from e2e.faults import faults, listen
from e2e.people import ROLES, address_of, sign_in
from e2e.portal import ARTEFACTS, ROOT
from e2e.walking import Walk
from e2e.words import Words

CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_every_page_is_sound(visit, code):
    words, found = Words(code), []
    kept = ARTEFACTS / "pages" / code
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    known: set[str] = set()
    for person in ("", *ROLES):
        page = visit(words.path(), width=320)
        heard = listen(page)
        if person:
            sign_in(page, words, address_of(person))
        walk = Walk(page, code, known=set(known))
        for shape, source in walk.pages(words.path()):
            where = f"{person or 'stranger'} {shape}"
            found += [f"{where}: {one}" for one in faults(page, code) + heard]
            heard.clear()
            name = f"{len(list(kept.iterdir())):03}-{person or 'stranger'}.html"
            (kept / name).write_text(f"{source}\n<!-- {shape} -->\n")
        found += [f"{person or 'stranger'} link: {one}" for one in walk.broken]
        known |= walk.looked_at
        page.context.close()

    assert len(known) >= 45
    found += invalid(kept)
    assert not found, "\n".join(found)


def invalid(folder: Path) -> list[str]:
    """Return what the checker of the standard finds in the pages; nothing without Java."""
    if not shutil.which("java"):
        return []
    done = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--stdout", "--errors-only", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{_shape(one['url'])}: {one['message']} — {one.get('extract', '').strip()[:160]}"
        for one in json.loads(done.stdout)["messages"]
        # Attributes of htmx: no browser minds them, and the standard has none without a dash.
        if "Attribute “hx-" not in one["message"]
    ]


def _shape(url: str) -> str:
    path = Path(url.removeprefix("file:"))
    return f"{path.name} {path.read_text().rsplit('<!-- ', 1)[-1].removesuffix(' -->' + chr(10))}"
