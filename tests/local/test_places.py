import os
import socket

import pytest

from portal.local import places as local_places
from portal.local.places import Places, any_port, free_port, reachable, short_folder
from portal.local.postgres import Postgres
from portal.local.process import LocalTrouble, started_at


def test_a_secret_is_made_once_and_is_ours_alone(tmp_path):
    places = Places(tmp_path)

    assert places.secret("portal") == places.secret("portal")
    assert places.secret("portal") != places.secret("valkey")
    assert len(places.secret("portal")) >= 32
    assert (tmp_path / "secrets" / "portal").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_free_port_takes_the_next_one_when_somebody_listens():
    with socket.create_server(("127.0.0.1", 0)) as other:
        usual = other.getsockname()[1]

        assert free_port(usual) != usual


def test_any_port_is_never_one_that_an_outgoing_connection_may_take(monkeypatch, tmp_path):
    told = tmp_path / "ip_local_port_range"
    told.write_text("12000\t60999\n")
    monkeypatch.setattr(local_places, "KERNEL_PORTS", told)

    given = [any_port() for _ in range(200)]

    assert len(set(given)) == 200
    assert all(10_000 <= port < 12_000 for port in given)


@pytest.mark.parametrize("said", ["", "nothing", "1024 60999"])
def test_any_port_uses_the_usual_range_when_the_kernel_does_not_help(monkeypatch, tmp_path, said):
    told = tmp_path / "ip_local_port_range"
    told.write_text(said)
    monkeypatch.setattr(local_places, "KERNEL_PORTS", told)

    assert 10_000 <= any_port() < 32_768


def test_a_folder_too_long_for_a_socket_gets_a_short_private_one(tmp_path):
    short = short_folder(tmp_path / ("long" * 30))

    assert len(str(short)) < 60
    assert short.stat().st_mode & 0o777 == 0o700
    assert short_folder(tmp_path / ("long" * 30)) == short
    short.rmdir()


def test_a_folder_is_reachable_when_each_one_above_it_is_open(tmp_path):
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    (tmp_path / "inside").mkdir(mode=0o755)

    assert reachable(tmp_path / "inside") is True
    tmp_path.chmod(0o700)
    assert reachable(tmp_path / "inside") is False


def test_data_of_another_postgresql_are_refused_and_left_alone(tmp_path):
    postgres = Postgres(Places(tmp_path), 5432)
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(LocalTrouble, match="was written by PostgreSQL 17, this is 18"):
        postgres.prepare()

    assert [path.name for path in postgres.data.iterdir()] == ["PG_VERSION"]


def test_started_at_tells_a_process_from_none():
    assert started_at(os.getpid()) == started_at(os.getpid()) != ""
    assert started_at(4_194_305) == ""
