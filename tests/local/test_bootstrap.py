import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from portal.local import bootstrap, system_parts
from portal.local.bootstrap import ROOT, SetUpFailed

NOTHING = system_parts.SystemPart("Nothing", "is for no one", ("no-such-package",), lambda: False)


def test_a_step_is_done_once_for_one_mark(tmp_path):
    done = []

    for mark in ("one", "one", "two"):
        bootstrap.step("it", tmp_path / "stamp", mark, lambda mark=mark: done.append(mark))

    assert done == ["one", "two"]


def test_a_step_that_fails_leaves_no_stamp(tmp_path):
    def fail() -> None:
        raise SetUpFailed("It failed.")

    with pytest.raises(SetUpFailed):
        bootstrap.step("it", tmp_path / "stamp", "one", fail)

    assert not (tmp_path / "stamp").exists()


def test_the_environment_of_another_clone_is_left_alone(tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (tmp_path / ".venv").symlink_to(theirs)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "run", lambda *_: None)

    bootstrap.make_venv()

    assert ((theirs / "bin").is_dir(), (tmp_path / ".venv").is_symlink()) == (True, False)


def test_a_missing_system_part_that_may_not_be_installed_is_one_line(monkeypatch):
    monkeypatch.setenv("PATH", "")  # neither apt-get nor sudo

    with pytest.raises(SetUpFailed) as refused:
        bootstrap.need(NOTHING)

    assert str(refused.value) == (
        "Nothing is missing (is for no one): install the package no-such-package, on Debian or "
        "Ubuntu with « sudo apt-get install no-such-package », and run make again."
    )


def test_a_command_that_fails_is_quoted_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "set-up.log")

    with pytest.raises(SetUpFailed) as refused:
        bootstrap.run([sys.executable, "-c", "raise SystemExit('no network')"], "Fetching it")

    assert str(refused.value) == (
        "Fetching it failed: « no network ». Check the network and the disk, and run make again; "
        f"everything it said is in {tmp_path / 'set-up.log'}."
    )


def test_a_second_set_up_has_nothing_to_do():
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "portal.local.bootstrap", "dev"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_browser_that_draws_no_windows_is_taken_first(tmp_path, monkeypatch):
    fetched = tmp_path / "chromium_headless_shell-1234" / "chrome-linux"
    ours = [tmp_path / "chromium", tmp_path / "chromium-headless-shell"]
    for program in (*ours, fetched / "headless_shell"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch(0o755)
    monkeypatch.delenv("TAJHIZ_CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    found = [system_parts.chromium()]
    for program in reversed(ours):
        program.unlink()
        found.append(system_parts.chromium())

    assert found == [str(ours[1]), str(ours[0]), str(fetched / "headless_shell")]


@pytest.mark.parametrize("name", ["run", "dev", "bench", "bench-scoring", "production", "uv"])
def test_the_locks_have_hashes_and_name_no_index(name):
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]

    assert [line for line in packages if not line.endswith("\\")] == []
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


def test_the_lock_of_the_browser_files_names_no_address():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_set_up_uses_the_standard_library_only():
    script = "import sys; import portal.local.bootstrap; print(*sys.modules)"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {name.partition(".")[0] for name in done.stdout.split()}

    assert sorted(names - sys.stdlib_module_names - {"portal", "__main__"}) == []


def test_newer_python_finds_one_on_the_path(tmp_path, monkeypatch):
    Path(tmp_path / "python3.12").write_text("#!/bin/sh\n")
    (tmp_path / "python3.12").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bootstrap.newer_python() == str(tmp_path / "python3.12")


@pytest.mark.parametrize(
    ("lock", "groups"),
    [
        ("production", ()),
        ("run", ("local",)),
        ("dev", ("local", "dev")),
        ("bench", ("local", "dev", "bench")),
        ("bench-scoring", ("bench-scoring",)),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock, groups):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    # The environment of the scoring peers is theirs alone.
    wanted = [] if lock == "bench-scoring" else [*project["project"]["dependencies"]]
    wanted += [line for group in groups for line in project["dependency-groups"][group]]
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    locked = dict(re.findall(r"^([\w.-]+)==([^ ;]+)", text, re.MULTILINE))

    missing = [
        line
        for line in wanted
        if (version := locked.get(canonicalize_name(Requirement(line).name))) is None
        or not Requirement(line).specifier.contains(version)
    ]

    assert missing == [], "run make lock"
