"""A port that cannot be had is one sentence, with one that can."""

import errno
import socket
from typing import Any

import pytest

from imagelabels.errors import UserError
from imagelabels.local import port


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the operating system refuse to bind: tests may run as root, who may take any port."""

    class Refused(socket.socket):
        def bind(self, _address: Any) -> None:
            raise OSError(number, "refused")

    monkeypatch.setattr(socket, "socket", Refused)


def test_a_port_in_use_names_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {number} is in use; .* PORT={number + 1}$"):
            port.listen(number)


@pytest.mark.parametrize(
    ("number", "why", "says"),
    [
        (80, errno.EACCES, "Port 80 is only for the system administrator; choose one from 1024: make run PORT=4566"),
        (65_535, errno.EADDRINUSE, "Port 65535 is in use; choose another one: make run PORT=0"),
        (4566, errno.EADDRNOTAVAIL, r"Port 4566 cannot be used: refused\."),
    ],
)
def test_what_is_not_allowed_is_not_called_in_use(
    number: int, why: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, why)
    with pytest.raises(UserError, match=f"^{says}$"):
        port.listen(number)
