"""A drawing that never ends, as a decoder's on a file made for it."""

from typing import Any, BinaryIO


def work(_arguments: dict[str, Any], _photo: BinaryIO, _result: BinaryIO) -> None:
    while True:
        pass
