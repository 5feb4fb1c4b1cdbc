"""Whether a local stack lives: as long as the process that started it holds this lock, whatever else is left of it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imagelabels.errors import UserError

LOCK = "lock"
# Who only asks holds the lock, too, for less than a millisecond.
PATIENCE_SECONDS = 0.2


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Be the only local stack of this folder for the block; raises UserError when there is one already."""
    with (home / LOCK).open("w") as lock:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _take(lock.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise UserError("A local stack is already running from this folder; stop it first (Ctrl-C there).")
            time.sleep(0.01)
        yield


def lives(home: Path) -> bool:
    """Whether a local stack of this folder is starting or running."""
    try:
        lock = os.open(home / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _take(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _take(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
