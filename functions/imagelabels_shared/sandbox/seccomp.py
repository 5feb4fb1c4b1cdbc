"""A seccomp filter (Linux) that refuses system calls that no decoder needs, for this process and its threads.

Classic BPF, docs.kernel.org/userspace-api/seccomp_filter.html. Why this is not a library:
docs/decisions/2026-11-25-one-sandbox.md.
"""

import ctypes
import errno
import platform
import struct

from imagelabels_shared.sandbox.syscalls import CLONE, CLONE3, REFUSED, SECCOMP, X32

# linux/audit.h, linux/prctl.h, linux/seccomp.h, linux/sched.h
# In the order of the columns of `syscalls`.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PR_SET_NO_NEW_PRIVS, SET_MODE_FILTER, ALL_THREADS = 38, 1, 1
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
CLONE_THREAD = 0x10000
# struct seccomp_data: the call's number, the architecture, the lower half of the first argument.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def program(machine: str) -> bytes:
    """Return the BPF program for a machine of `ARCHITECTURES`: refused calls get EPERM, clone3 gets ENOSYS."""
    column = list(ARCHITECTURES).index(machine)
    numbers = [call[column] for call in REFUSED.values() if call[column] is not None]
    refuse = REFUSE | errno.EPERM
    checks = [(AT_LEAST, X32), *((EQUAL, number) for number in numbers)]
    ends = [
        *((EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, REFUSE | errno.ENOSYS)),
        *((EQUAL, 0, 2, CLONE[column]), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 0, 1, CLONE_THREAD)),
        *((RETURN, 0, 0, ALLOW), (RETURN, 0, 0, refuse)),
    ]
    last = len(checks) + len(ends) - 1
    instructions = [
        *((LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, ARCHITECTURES[machine]), (RETURN, 0, 0, refuse)),
        (LOAD, 0, 0, NUMBER),
        *((code, last - index - 1, 0, number) for index, (code, number) in enumerate(checks)),
        *ends,
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


def install() -> bool:
    """Install the filter; return False on other machines and systems, and where the kernel does not allow it."""
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in ARCHITECTURES:
        return False
    libc, code = ctypes.CDLL(None, use_errno=True), program(machine)
    filled = Program(len(code) // struct.calcsize("HBBI"), code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(
        libc.syscall(SECCOMP[list(ARCHITECTURES).index(machine)], SET_MODE_FILTER, ALL_THREADS, ctypes.byref(filled))
        == 0
    )
