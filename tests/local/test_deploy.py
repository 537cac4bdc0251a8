import json
import os
import re
import ssl
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import nats
import nkeys
import pytest
import yaml

from portal.local.instance import ROOT
from portal.local.nats import binary
from portal.local.places import any_port
from portal.local.process import Child

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
ONCE = {"certificates", "volumes"}


@pytest.fixture
def secrets(tmp_path) -> Path:
    run_script("secrets.sh", tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.fixture
def certificates(tmp_path) -> Path:
    run_script("certificates.sh", tmp_path / "certificates")
    return tmp_path / "certificates"


def run_script(name: str, folder: Path) -> None:
    ours = {"POSTGRES_UID": str(os.geteuid()), "NATS_UID": str(os.geteuid())}
    subprocess.run([DEPLOY / name, folder], check=True, env={**os.environ, **ours})


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_secrets_are_made_once_in_a_closed_folder(secrets):
    before = contents(secrets)

    run_script("secrets.sh", secrets)

    assert contents(secrets) == before
    assert secrets.stat().st_mode & 0o777 == 0o700


def test_every_secret_of_the_deployment_is_made(secrets):
    named = {Path(one["file"]).name for one in COMPOSE["secrets"].values()}
    named |= {
        Path(file).name for one in COMPOSE["services"].values() for file in one.get("env_file", [])
    }

    assert sorted(named - {file.name for file in secrets.iterdir()}) == []


def test_the_certificates_are_signed_and_kept(certificates):
    kept = ("ca.crt", "nats.crt", "mqtt.crt")
    before = {name: (certificates / name).read_bytes() for name in kept}

    run_script("certificates.sh", certificates)

    assert {name: (certificates / name).read_bytes() for name in before} == before
    for name in ("postgres", "nats", "mqtt"):
        subprocess.run(
            ["openssl", "verify", "-CAfile", certificates / "ca.crt", certificates / f"{name}.crt"],
            check=True,
            capture_output=True,
        )
        mode = 0o640 if name == "mqtt" else 0o600  # the gateway reads that one through its group
        assert (certificates / f"{name}.key").stat().st_mode & 0o777 == mode


@pytest.fixture
def broker(tmp_path, secrets, certificates):
    """Run NATS with the file of the deployment; only its folders and ports are others here."""
    port, monitor, mqtt = any_port(), any_port(), any_port()
    text = (DEPLOY / "nats.conf").read_text()
    for there, here in {
        '"/certificates': f'"{certificates}',
        '"/data"': f'"{tmp_path / "data"}"',
        '"/logs/': f'"{tmp_path}/',
        "../../run/secrets/": "secrets/",
        ":4222": f":{port}",
        ":8222": f":{monitor}",
        ":8883": f":{mqtt}",
    }.items():
        text = text.replace(there, here)
    (tmp_path / "nats.conf").write_text(text)
    child = Child(
        name="nats",
        command=[str(binary()), "-c", str(tmp_path / "nats.conf")],
        log=tmp_path / "nats.log",
        pid_file=tmp_path / "nats.pid",
        healthy=lambda: "Server is ready" in (tmp_path / "nats.log").read_text(),
    )
    child.start()
    child.wait_ready()
    yield port
    child.stop()


async def test_nats_takes_our_password_over_tls(broker, secrets, certificates):
    url = (secrets / "TAJHIZ_NATS_URL").read_text().replace("nats:4222", f"localhost:{broker}")
    trust = ssl.create_default_context(cafile=certificates / "bundle.crt")

    line = await nats.connect(url, tls=trust, allow_reconnect=False)

    assert (await line.jetstream().account_info()).streams == 0
    await line.close()


async def test_nats_refuses_whoever_has_no_password(broker, certificates):
    trust = ssl.create_default_context(cafile=certificates / "bundle.crt")

    async def silent(error: Exception) -> None:
        """The refusal is what the test wants."""

    line = await nats.connect(
        f"tls://localhost:{broker}",
        tls=trust,
        allow_reconnect=False,
        connect_timeout=15,  # « tajhiz ingest » is asked about it, and does not run here
        error_cb=silent,
    )

    assert not line.is_connected
    await line.close()


def test_the_issuer_that_nats_knows_is_the_one_whose_seed_we_have(secrets):
    key = nkeys.from_seed((secrets / "TAJHIZ_NATS_ISSUER_SEED").read_bytes())

    assert f'issuer: "{key.public_key.decode()}"' in (secrets / "nats_users.conf").read_text()


async def test_nats_shows_its_connections_to_the_system_account(broker, secrets, certificates):
    url = (secrets / "TAJHIZ_NATS_SYSTEM_URL").read_text()
    url = url.replace("nats:4222", f"localhost:{broker}")
    trust = ssl.create_default_context(cafile=certificates / "bundle.crt")

    line = await nats.connect(url, tls=trust, allow_reconnect=False)
    answer = await line.request("$SYS.REQ.SERVER.PING.CONNZ", b"{}", timeout=20)

    assert json.loads(answer.data)["data"]["num_connections"] == 1
    await line.close()


def test_the_image_sets_each_secret_as_a_variable(secrets, tmp_path):
    done = subprocess.run(
        [DEPLOY / "with-secrets", "sh", "-c", 'printf "%s" "$TAJHIZ_SECRET_KEY"'],
        env={"PATH": os.environ["PATH"], "SECRETS_DIR": str(secrets)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == (secrets / "TAJHIZ_SECRET_KEY").read_text()


@pytest.mark.parametrize(
    ("command", "left"),
    [("tajhiz web --host 0.0.0.0", []), ("tajhiz audit verify", ["counter_7.db"])],
)
def test_only_a_new_web_server_forgets_the_measures(tmp_path, command, left):
    (tmp_path / "counter_7.db").touch()
    (tmp_path / "tajhiz").symlink_to("/bin/true")
    path = f"{tmp_path}:{os.environ['PATH']}"

    subprocess.run(
        [DEPLOY / "with-secrets", *command.split()],
        env={"PATH": path, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        check=True,
    )

    assert [file.name for file in tmp_path.glob("*.db")] == left


def test_the_image_serves_as_our_own_command_does():
    assert 'CMD ["tajhiz", "web", "--host", "0.0.0.0"]' in (DEPLOY / "Containerfile").read_text()


def test_the_server_writes_json_too():
    from portal.commands import SERVER_LOG

    line = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, logging.config, sys\n"
            "logging.config.dictConfig({'version': 1} | json.load(open(sys.argv[1])))\n"
            "logging.getLogger('_granian').info('Listening')",
            SERVER_LOG,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stderr

    assert json.loads(line)["message"] == "Listening"


def test_the_database_lets_in_only_the_portal_from_the_network():
    lines = (DEPLOY / "pg_hba.conf").read_text().splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]

    assert [rule for rule in rules if rule[0] != "local"] == [
        ["hostssl", "tajhiz", "tajhiz", "0.0.0.0/0", "scram-sha-256"],
        ["hostssl", "tajhiz", "tajhiz", "::/0", "scram-sha-256"],
    ]


def test_the_database_is_healthy_only_when_the_network_reaches_it():
    # The image's own set-up answers on the socket before the real server starts.
    assert "-h" in COMPOSE["services"]["postgres"]["healthcheck"]["test"]


def test_the_log_of_the_proxy_has_no_link_of_a_mail():
    from portal.accounts.sealing import new_token

    text = (DEPLOY / "Caddyfile").read_text()
    secret = re.search(r"request>uri regexp (\S+) \[secret\]", text)

    assert secret is not None
    assert re.sub(secret[1], "[secret]", f"/fr/password/new/{new_token()}?a=b") == (
        "/fr/password/new/[secret]?a=b"
    )
    assert re.sub(secret[1], "[secret]", f"/fr/devices/mine/{uuid4()}") != "[secret]"
    assert [
        line for line in ("request>headers delete", "resp_headers delete") if line not in text
    ] == []


def test_the_page_of_the_proxy_is_mounted_and_in_three_languages():
    text = (DEPLOY / "unavailable.html").read_text()

    assert re.findall(r'lang="(\w+)"', text) == ["fr", "ar", "en"]
    assert "rewrite * /unavailable.html" in (DEPLOY / "Caddyfile").read_text()
    assert (
        "./unavailable.html:/etc/caddy/unavailable.html:ro"
        in (COMPOSE["services"]["proxy"]["volumes"])
    )


def test_the_proxy_leaves_errors_of_the_portal_to_the_portal():
    assert "health_uri /healthz" in (DEPLOY / "Caddyfile").read_text()


def test_operators_are_told_to_verify_the_chain_of_the_database():
    text = (ROOT / "docs" / "operations.md").read_text()

    assert set(re.findall(r"audit verify( --database)?", text)) == {" --database"}


def test_every_setting_of_a_deployment_can_be_set():
    from portal.settings import Settings

    web = COMPOSE["services"]["web"]
    local = {"TAJHIZ_RELOAD", "TAJHIZ_MAILBOX_DIR", "TAJHIZ_PACKAGES"}
    known = {f"TAJHIZ_{name}".upper() for name in Settings.model_fields} - local

    assert sorted(known - {*web["environment"], *web["secrets"]}) == []


@pytest.mark.parametrize("name", sorted(COMPOSE["services"].keys() - ONCE))
def test_a_service_runs_without_privileges(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("0", "root")


def test_the_deployment_sets_only_settings_that_exist_and_all_that_are_required():
    from portal.settings import Settings

    web = COMPOSE["services"]["web"]
    given = {name for name in {*web["environment"], *web["secrets"]} if name.startswith("TAJHIZ_")}
    known = {f"TAJHIZ_{name}".upper() for name in Settings.model_fields}
    required = {
        f"TAJHIZ_{name}".upper()
        for name, field in Settings.model_fields.items()
        if field.is_required()
    }

    assert sorted(given - known) == []
    assert sorted(required - given) == []


def test_every_setting_is_explained():
    from portal.settings import Settings

    text = (ROOT / "docs" / "operations.md").read_text()

    assert [name for name in Settings.model_fields if f"`TAJHIZ_{name.upper()}`" not in text] == []


def test_the_image_holds_every_package():
    from portal.settings import Settings

    copied = (DEPLOY / "Containerfile").read_text()
    folders = {name.partition(".")[0] for name in Settings.model_fields["packages"].default}

    assert [name for name in sorted(folders) if f"COPY {name} {name}\n" not in copied] == []
