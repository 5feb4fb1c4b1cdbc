"""What a taken-over decoder would try: the sandbox runs `work` as it runs a decoder, and it tells what came of it."""

import ctypes
import errno
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE3 = 435
SECRET_BYTES = 6
FILES_AT_THE_START = [path.name for path in Path().iterdir()]


class IoVec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def environment_of_the_parent() -> str:
    return Path(f"/proc/{os.getppid()}/environ").read_text()


def memory_of_the_parent() -> bytes:
    with Path(f"/proc/{os.getppid()}/mem").open("rb") as memory:
        return memory.read(1)


def memory_by_call(address: int) -> bytes:
    """Read the parent's memory without opening anything."""
    buffer = ctypes.create_string_buffer(SECRET_BYTES)
    here = IoVec(ctypes.addressof(buffer), SECRET_BYTES)
    there = IoVec(address, SECRET_BYTES)
    _checked(LIBC.process_vm_readv(os.getppid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0))
    return buffer.raw


def trace() -> None:
    attach = 16
    _checked(LIBC.ptrace(attach, os.getppid(), None, None))


def connect() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def talk_to_itself() -> None:
    socket.socketpair()


def fork() -> int:
    child = os.fork()
    if not child:
        os.close(1)
        time.sleep(60)
    return child


def clone3() -> None:
    _checked(LIBC.syscall(CLONE3, None, 0))


def run_a_program() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606  # it must not start


def read_a_file() -> str:
    return Path("/etc/passwd").read_text()


def write_a_file() -> None:
    Path("left behind").write_text("left behind")


def make_a_folder() -> str:
    Path("left behind").mkdir()
    return str(Path.cwd())


def end_the_parent() -> None:
    os.kill(os.getppid(), 0)


def open_more_files() -> None:
    limits = (ctypes.c_uint64 * 2)(64, 64)
    _checked(LIBC.setrlimit(resource.RLIMIT_NOFILE, limits))


def start_a_thread() -> str:
    said: list[str] = []
    thread = threading.Thread(target=said.append, args=["a thread ran"])
    thread.start()
    thread.join()
    return said[0]


def show_environment() -> dict[str, str]:
    return dict(os.environ)


def show_limits() -> dict[str, tuple[int, int]]:
    return {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")}


def take_memory(size: int) -> int:
    try:
        return len(bytearray(size))
    except MemoryError:
        raise OSError(errno.ENOMEM, "refused") from None


def say(length: int) -> str:
    return "x" * length


def folder() -> list[Any]:
    return [str(Path.cwd()), FILES_AT_THE_START]


def hang() -> None:
    time.sleep(60)


def spin() -> None:
    while True:
        pass


def crash() -> None:
    os.abort()


def talk_without_end() -> None:
    while True:
        os.write(1, bytes(4096))


TRIES: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(environment_of_the_parent, memory_of_the_parent, memory_by_call, trace),
        *(connect, talk_to_itself, fork, clone3, run_a_program),
        *(read_a_file, write_a_file, make_a_folder, end_the_parent, open_more_files),
        *(start_a_thread, show_environment, show_limits, take_memory, say, folder, hang, spin, crash, talk_without_end),
    )
}


def work(arguments: list[Any], photo: BinaryIO, result: BinaryIO) -> Any:
    """Return what the try gave, or the name of the operating system's refusal."""
    name, *rest = arguments
    try:
        if name == "fill_the_disk":
            return _fill(result)
        return [TRIES[name](*rest), photo.read().decode()]
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)


def _fill(result: BinaryIO) -> None:
    while True:
        result.write(bytes(1024 * 1024))


def _checked(answer: int) -> None:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")


# A refused write is an error for Python, and the end for other programs.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
