"""Running work on an uploaded file in a confined child process, and reading how it ended."""

import ctypes
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from imagelabels_shared.errors import REJECTIONS, CorruptImageError
from imagelabels_shared.sandbox.confinement import Bounds

# linux/prctl.h: whether other processes of the same user may read this one's memory.
PR_SET_DUMPABLE = 4
# An answer has a few lines. The limit protects this process's memory from a child that writes without end.
MAX_ANSWER_BYTES = 16 * 1024
LOG_BYTES = 3000
NAMED = {error.__name__: error for error in REJECTIONS}
# What an interpreter needs to start (Lambda's needs the first to find its library). No other variable is passed on.
KEPT = ("LD_LIBRARY_PATH", "LANG", "LC_ALL")
EXPORT = "Export it again as JPEG"


class Ended(NamedTuple):
    """How a child ended: its answer or the error to raise, the end of its log, the limits that could not be set."""

    answer: Any
    error: Exception | None
    log: str
    refused: list[str]

    def result(self) -> Any:
        """Return what the module's `work` returned.

        Raises the rejection that `work` raised, CorruptImageError when the photo hangs or crashes the decoder, and
        RuntimeError when the child failed for another reason.
        """
        if self.error:
            raise self.error
        return self.answer


def run(module: str, arguments: Any, *, photo: BinaryIO, result: BinaryIO, bounds: Bounds) -> Ended:
    """Run `module.work(arguments, photo, result)` in a child.

    `photo` and `result` are files with a descriptor; the child reads `photo` from its start.
    """
    refused = [] if _hidden() else ["PR_SET_DUMPABLE"]
    photo.seek(0)
    files = photo.fileno(), result.fileno()
    request = {"module": module, "arguments": arguments, "bounds": bounds, "photo": files[0], "result": files[1]}
    with (
        tempfile.TemporaryDirectory(prefix="sandbox-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as log,
    ):
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        answer, code, timed_out = _ran(folder, files, asked=asked, log=log, seconds=bounds.seconds)
        log.seek(-min(log.tell(), LOG_BYTES), os.SEEK_END)
        logged = log.read().decode(errors="replace").strip()
    result.seek(0)
    if timed_out or code == -signal.SIGXCPU:
        sentence = f"The photo cannot be decoded within {bounds.seconds} seconds. {EXPORT} and upload that."
        return Ended(None, CorruptImageError(sentence), logged, refused)
    if code < 0:
        crashed = CorruptImageError("The photo crashes the program that decodes it. Export it again as JPEG.")
        return Ended(None, crashed, logged, refused)
    return _parsed(answer, code, logged, refused)


def _ran(
    folder: str, files: tuple[int, int], *, asked: IO[bytes], log: IO[bytes], seconds: int
) -> tuple[bytes, int, bool]:
    """Return the answer, the exit code, and whether the child had to be stopped."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-S", "-m", "imagelabels_shared.sandbox.child"],
        cwd=folder,
        env=_environment(),
        pass_fds=files,
        start_new_session=True,
        stdin=asked,
        stdout=subprocess.PIPE,
        stderr=log,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(child.pid)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        with child:
            answer = child.stdout.read(MAX_ANSWER_BYTES) if child.stdout else b""
    finally:
        timer.cancel()
        # Processes that the child may have started are in its group.
        _kill(child.pid)
    return answer, child.returncode, late.is_set()


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _parsed(answer: bytes, code: int, logged: str, refused: list[str]) -> Ended:
    try:
        match json.loads(answer) if code == 0 else None:
            case {"done": done, "refused": [*more]}:
                return Ended(done, None, logged, refused + more)
            case {"rejected": {"error": str(name), "sentence": str(sentence)}, "refused": [*more]}:
                return Ended(None, NAMED[name](sentence), logged, refused + more)
    except (KeyError, ValueError):
        pass
    return Ended(None, RuntimeError(f"The work on the photo failed: {logged or answer[:LOG_BYTES]!r}"), logged, refused)


@functools.cache
def _hidden() -> bool:
    """Return whether other processes cannot read this one's environment and memory, which hold its credentials."""
    return sys.platform != "linux" or bool(ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    # RLIMIT_AS limits address space, and each memory arena of glibc reserves more than it uses.
    return kept | {
        "MALLOC_ARENA_MAX": "1",
        "PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path),
    }
