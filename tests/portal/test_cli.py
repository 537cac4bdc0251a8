import os
import subprocess
import sys

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from portal.cli import setting_problems
from portal.settings import Settings
from tests.sources import ROOT

WORKING = {
    "TAJHIZ_ENVIRONMENT": "local",
    "TAJHIZ_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/none",
    "TAJHIZ_VALKEY_URL": "redis://127.0.0.1:1/0",
    "TAJHIZ_SECRET_KEY": "a secret for tests only, of more than 32 characters",
}


def tajhiz(*arguments: str, **changed: str | None) -> tuple[int, str, str]:
    """Run the program with these surroundings and no others."""
    settings = {name: value for name, value in (WORKING | changed).items() if value is not None}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAJHIZ_")}
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env=kept | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_help_lists_the_commands_of_every_package():
    code, text, _ = tajhiz("--help")

    commands = [line.split()[0] for line in text.split("Commands:")[1].splitlines() if line.strip()]
    assert code == 0
    assert {"audit", "demo", "mail", "messages", "migrate", "reference", "worker"} <= set(commands)
    assert commands == sorted(commands)


def test_a_database_that_is_down_is_one_line():
    code, _, error = tajhiz("audit", "head")

    assert (code, error.count("\n"), "Traceback" in error) == (2, 1, False)
    assert "secret" not in error


@pytest.mark.parametrize("wrong", [None, "", "nowhere"])
def test_an_evaluation_needs_no_settings_only_its_file(tmp_path, wrong):
    settings = dict.fromkeys(WORKING, wrong) | {"TAJHIZ_ENVIRONMENT": None}

    code, _, error = tajhiz("evaluate", str(tmp_path / "none.json"), **settings)

    assert (code, error.count("\n"), "TAJHIZ" in error) == (2, 1, False)
    assert "none.json" in error


def test_a_wrong_setting_is_one_line_without_its_value():
    code, _, error = tajhiz("migrate", TAJHIZ_SECRET_KEY="short-secret", TAJHIZ_SMTP_PORT="99999")

    assert (code, error.count("\n"), "short-secret" in error) == (2, 1, False)
    assert ("TAJHIZ_SECRET_KEY" in error, "TAJHIZ_SMTP_PORT" in error) == (True, True)


def test_the_demonstration_is_refused_in_production():
    code, _, error = tajhiz("demo", TAJHIZ_ENVIRONMENT="production")

    assert (code, "local only" in error) == (1, True)


def test_an_unknown_command_says_so():
    code, _, error = tajhiz("nonsense")

    assert (code, "No such command" in error) == (2, True)


def test_setting_problems_name_the_variable(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("TAJHIZ_"):
            monkeypatch.delenv(name)
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=tmp_path / "none")

    assert setting_problems(refused.value) == [
        "Setting TAJHIZ_SECRET_KEY: field required.",
        "Setting TAJHIZ_DATABASE_URL: field required.",
        "Setting TAJHIZ_VALKEY_URL: field required.",
    ]


HEAVY = {"asyncpg", "arq", "jinja2", "litestar", "numpy", "piccolo", "redis", "valkey"}


def loaded(*arguments: str) -> set[str]:
    """Return which of the heavy libraries a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "portal.cli", *arguments],
        env=os.environ | WORKING,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = [line.split("|")[2].strip() for line in done.stderr.splitlines() if "|" in line]
    assert "click" in names
    return {name.split(".")[0] for name in names} & HEAVY


@pytest.mark.parametrize("place", ["", "import gudid", "search rebuild", "accounts add"])
def test_what_a_command_does_is_said_without_loading_anything(place):
    assert loaded(*place.split(), "--help") == set()


def test_a_copy_of_the_audit_is_verified_without_a_service(tmp_path):
    copy = tmp_path / "empty.ndjson"
    copy.touch()

    assert loaded("audit", "verify", str(copy)) == set()


def test_migrating_loads_tables_and_no_pages():
    assert loaded("migrate") - {"redis"} == {"asyncpg", "piccolo"}  # redis: the kinds of errors


def test_a_web_process_starts_without_what_only_scans_need():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import portal.asgi, sys; print({'biip', 'rich'} & set(sys.modules))",
        ],
        env=os.environ | WORKING,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "set()\n", done.stderr


WRONG = {
    "TAJHIZ_DATABASE_URL": (
        "mysql://me:top-secret@db/portal",
        "top-secret",
        "postgresql://me:top/secret@db/portal",
        "postgresql:///portal",
        "postgresql://me:top-secret@db/portal?sslmode=verify-full&sslrootcert=/no/such/file",
    ),
    "TAJHIZ_VALKEY_URL": ("http://:top-secret@valkey:6379/0", "redis://:top-secret@valkey:port/0"),
    "TAJHIZ_NATS_URL": ("top-secret@nats:4222",),
    "TAJHIZ_MEILI_URL": ("meilisearch:7700",),
    "TAJHIZ_BASE_URL": ("portal.example.org", "https://portal.example.org/"),
    "TAJHIZ_MAIL_FROM": ("Tajhiz",),
    "TAJHIZ_PACKAGES": ("portal.web", '["portal.nothing"]', '["no.such.folder"]'),
}


@pytest.mark.parametrize("command", ["web", "worker"])
def test_no_role_starts_on_wrong_settings_and_all_are_named(command):
    code, _, error = tajhiz(command, **{name: wrong[0] for name, wrong in WRONG.items()})

    assert (code, error.count("\n"), "top-secret" in error) == (2, 1, False)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, wrong in WRONG.items() for value in wrong]
)
def test_an_address_that_cannot_be_is_refused_without_its_value(monkeypatch, name, value):
    for key, right in (WORKING | {name: value}).items():
        monkeypatch.setenv(key, right)
    with pytest.raises((ValidationError, SettingsError)) as refused:
        Settings(_env_file=None)

    assert (name.removeprefix("TAJHIZ_").lower() in str(refused.value).lower()) is True
    assert "top-secret" not in str(refused.value)


def test_an_empty_variable_is_as_none(monkeypatch):
    for key, value in WORKING.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("TAJHIZ_SMTP_USER", "")
    monkeypatch.setenv("TAJHIZ_MEILI_URL", "")
    monkeypatch.setenv("TAJHIZ_CLAMD_PORT", "")

    found = Settings(_env_file=None)

    assert (found.smtp_user, found.meili_url, found.clamd_port) == (None, None, 3310)
