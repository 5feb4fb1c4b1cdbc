"""The lock file of a local stack: the process that starts a stack holds the lock until it ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imagelabels.errors import UserError

LOCK = "lock"
# `is_held` takes the lock, too, for less than a millisecond.
PATIENCE_SECONDS = 0.2


@contextmanager
def hold(home: Path) -> Iterator[None]:
    """Hold the lock of a local stack's folder during the block; raises UserError when another process holds it."""
    with (home / LOCK).open("w") as lock:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _take(lock.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise UserError("A local stack is already running from this folder; stop it first (Ctrl-C there).")
            time.sleep(0.01)
        yield


def is_held(home: Path) -> bool:
    """Tell whether a local stack of this folder is starting or running; raises UserError for another user's folder."""
    try:
        lock = os.open(home / LOCK, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise UserError(
            f"{home} is another user's: set IMAGELABELS_HOME to a folder of yours, or use --aws."
        ) from error
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
