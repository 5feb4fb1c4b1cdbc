"""What the child gives up before it touches the uploaded file; it can take nothing of it back.

The limits need nobody's leave. Without a file descriptor to spare, nothing is opened any more: no file, no socket, no
other process's memory. The rest is the kernel's to allow, and what it refuses is told.
"""

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path
from typing import NamedTuple

from imagelabels_shared.sandbox import seccomp

# linux/capability.h: version 3 of the call, for this process.
CAPABILITIES_VERSION = 0x20080522
# Decoders start a thread for each processor or so; other processes of the same user come and go meanwhile.
MORE_THREADS = 256


class Bounds(NamedTuple):
    """What a child may use: seconds (of the clock, and of the processor), address space, bytes of each file."""

    seconds: int
    memory_bytes: int
    file_bytes: int


def bound(bounds: Bounds) -> list[str]:
    """Limit memory, time and file sizes, while files can still be opened; return what could not be limited."""
    return [
        *_limited("RLIMIT_AS", bounds.memory_bytes),
        *_limited("RLIMIT_CPU", bounds.seconds),
        *_limited("RLIMIT_FSIZE", bounds.file_bytes),
        *_limited("RLIMIT_CORE", 0),
    ]


def confine() -> list[str]:
    """Give up the rest, once everything is imported and open; return what this system did not allow."""
    # Threads count as processes, and every process of the same user with them.
    threads = _limited("RLIMIT_NPROC", _threads_of_this_user() + MORE_THREADS) if sys.platform == "linux" else []
    files = _limited("RLIMIT_NOFILE", 0)
    if sys.platform != "linux":
        return [*files, "seccomp"]
    # The filter refuses changes of limits, too.
    return [*threads, *files, *([] if seccomp.install() else ["seccomp"]), *([] if _no_capabilities() else ["capset"])]


def _limited(name: str, most: int) -> list[str]:
    kind = getattr(resource, name)
    try:
        hard = resource.getrlimit(kind)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        return [name]
    return []


def _threads_of_this_user() -> int:
    user, count = os.getuid(), 0
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and process.stat().st_uid == user:
                # A folder has a link from itself, one from its parent, and one from each folder in it.
                count += (process / "task").stat().st_nlink - 2
    return count


def _no_capabilities() -> bool:
    """Drop root's privileges: they are above limits, and see the memory of processes that hide theirs."""
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    return bool(ctypes.CDLL(None).capset(header, none) == 0)
