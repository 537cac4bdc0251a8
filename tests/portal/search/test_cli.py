import subprocess
import sys

from portal.search.dirty import mark_dirty
from tests.catalog.devices import make_device


def search(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "search", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


async def test_the_indexes_are_drained_rebuilt_and_described(db):
    device = await make_device()
    await mark_dirty("devices", [device.id])

    assert search("drain", "--index", "devices") == (0, "devices: 1 subjects indexed.\n")
    code, text = search("rebuild")
    assert (code, "devices: 1 documents written." in text.splitlines()) == (0, True)
    code, text = search("status")
    assert (code, "devices: 1 documents, 0 waiting" in text) == (0, True)


async def test_an_unknown_index_is_said_to_be_unknown(db):
    code, text = search("rebuild", "--index", "nonsense")

    assert (code, "There is no index « nonsense »" in text, "Traceback" in text) == (2, True, False)
