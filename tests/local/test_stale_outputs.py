"""An outputs.json that a crashed stack left behind is not used, even when another program has its port."""

import json
import socket
from pathlib import Path

import pytest

from imagelabels.errors import UserError
from imagelabels.stack import connection
from imagelabels.stack.local_lock import hold, is_held


def outputs(home: Path, port: int) -> Path:
    document = {
        "endpoint": f"http://127.0.0.1:{port}",
        "region": "us-east-1",
        "accessKeyId": "AKIAABCDEFGHIJKLMNOP",
        "secretAccessKey": "secret",
    }
    (home / "outputs.json").write_text(json.dumps(document))
    return home / "outputs.json"


def test_a_foreign_process_on_the_port_is_not_even_connected_to(tmp_path: Path) -> None:
    with hold(tmp_path):
        pass
    with socket.create_server(("127.0.0.1", 0)) as foreign:
        assert connection.local(outputs(tmp_path, foreign.getsockname()[1])) is None
        foreign.settimeout(0)
        with pytest.raises(BlockingIOError):
            foreign.accept()


def test_a_stack_that_lives_is_found_with_its_own_key(tmp_path: Path) -> None:
    with hold(tmp_path):
        found = connection.local(outputs(tmp_path, 4566))
    assert found is not None
    key = found.session.get_credentials()
    assert key is not None
    assert (key.access_key, key.secret_key) == ("AKIAABCDEFGHIJKLMNOP", "secret")


def test_a_stack_that_is_only_starting_is_not_up_yet(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert connection.local(tmp_path / "outputs.json") is None


def test_the_lock_tells_who_is_held(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with hold(tmp_path):
        assert is_held(tmp_path)
        with pytest.raises(UserError, match="already running"), hold(tmp_path):
            pass
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
