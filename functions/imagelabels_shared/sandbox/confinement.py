"""The limits that the child process sets on itself before it reads the uploaded file; it cannot raise them again.

RLIMIT_NOFILE of 0 means that it can open nothing: no file, no socket, no other process's memory. Every function here
returns the names of the limits that the system did not allow.
"""

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path
from typing import NamedTuple

from imagelabels_shared.sandbox import seccomp

# linux/capability.h: version 3 of capset.
CAPABILITIES_VERSION = 0x20080522
# Decoders start about one thread per processor; other processes of the same user start threads at the same time.
MORE_THREADS = 256


class Bounds(NamedTuple):
    """What a child may use: seconds (of the clock, and of processor time), address space, bytes of each file."""

    seconds: int
    memory_bytes: int
    file_bytes: int


def bound(bounds: Bounds) -> list[str]:
    """Limit memory, processor time and file sizes; return the names of the limits that could not be set."""
    return [
        *_limited("RLIMIT_AS", bounds.memory_bytes),
        *_limited("RLIMIT_CPU", bounds.seconds),
        *_limited("RLIMIT_FSIZE", bounds.file_bytes),
        *_limited("RLIMIT_CORE", 0),
    ]


def confine() -> list[str]:
    """Forbid files, sockets, processes and privileges, once all is open; return what could not be forbidden."""
    # RLIMIT_NPROC counts the threads of all processes of the same user.
    threads = _limited("RLIMIT_NPROC", _threads_of_this_user() + MORE_THREADS) if sys.platform == "linux" else []
    files = _limited("RLIMIT_NOFILE", 0)
    if sys.platform != "linux":
        return [*files, "seccomp"]
    # The filter comes after the limits, because it forbids to change limits.
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
                # st_nlink of a folder is 2 and one for each folder in it.
                count += (process / "task").stat().st_nlink - 2
    return count


def _no_capabilities() -> bool:
    """Return whether all capabilities were dropped: root's ignore limits and allow to read other processes' memory."""
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    return bool(ctypes.CDLL(None).capset(header, none) == 0)
