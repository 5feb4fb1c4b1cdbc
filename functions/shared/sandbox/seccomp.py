"""A seccomp filter (Linux): what no decoder needs is refused from now on, to this process and its threads.

Classic BPF, docs.kernel.org/userspace-api/seccomp_filter.html. Why no library does it:
docs/decisions/2026-11-25-one-sandbox.md.
"""

import ctypes
import errno
import os
import platform
import struct

# linux/audit.h, linux/prctl.h, linux/seccomp.h, linux/sched.h
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PR_SET_NO_NEW_PRIVS, SET_MODE_FILTER, ALL_THREADS = 38, 1, 1
SECCOMP = {"x86_64": 317, "aarch64": 277}
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
CLONE_THREAD = 0x10000
# Numbers from here on are x86_64's other calling convention (x32): the same calls once more.
X32 = 0x40000000
# struct seccomp_data: the call's number, the architecture, the lower half of the first argument.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

# Numbers on x86_64 and aarch64; aarch64 has only the newer ones of some (asm/unistd_64.h, asm-generic/unistd.h).
CLONE, CLONE3 = (56, 220), (435, 435)
REFUSED: dict[str, tuple[int, int | None]] = {
    # network
    **{"socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201)},
    # processes: new ones, other programs, signals, limits
    **{"fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281)},
    **{"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "prlimit64": (302, 261)},
    **{"rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424)},
    # other processes' memory and files
    **{"ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271)},
    **{"pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "kcmp": (312, 272)},
    # files by name: open, make, change, remove
    **{"open": (2, None), "openat": (257, 56), "openat2": (437, 437), "creat": (85, None)},
    **{"open_by_handle_at": (304, 265), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35)},
    **{"rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34)},
    **{"rmdir": (84, None), "mknod": (133, None), "mknodat": (259, 33), "link": (86, None), "linkat": (265, 37)},
    **{"symlink": (88, None), "symlinkat": (266, 36), "chmod": (90, None), "fchmodat": (268, 53)},
    **{"fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None), "fchownat": (260, 54)},
    **{"utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88)},
    **{"setxattr": (188, 5), "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15)},
    # memory and queues that outlive the process, and ways around all this
    **{"shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180)},
    **{"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427)},
    **{"bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282)},
    **{"unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "chroot": (161, 51)},
    **{"add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219)},
}


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def program(machine: str) -> bytes:
    """Return the filter for a machine of `ARCHITECTURES`: EPERM for what is refused, ENOSYS for clone3.

    libc then falls back from clone3, whose flags a filter cannot see, to clone, of which threads are allowed.
    """
    column = list(ARCHITECTURES).index(machine)
    numbers = [one[column] for one in REFUSED.values() if one[column] is not None]
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
    return b"".join(struct.pack("HBBI", *one) for one in instructions)


def install() -> bool:
    """Whether the filter holds now; not on other machines and systems, or where the kernel or a container forbids it."""
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in ARCHITECTURES:
        return False
    libc, code = ctypes.CDLL(None, use_errno=True), program(machine)
    filled = Program(len(code) // struct.calcsize("HBBI"), code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.syscall(SECCOMP[machine], SET_MODE_FILTER, ALL_THREADS, ctypes.byref(filled)) == 0)
