"""Starts the command in processes that have its libraries already: reading them takes longer than most commands do.

What the project itself has is read by each process, after its environment is set. For a terminal, an encoding or an
installation of its own, a test starts the real command.
"""

import functools
import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

STREAMS = ("stdout", "stderr")


@functools.cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.e2e.warm_libraries"])
    return context


def run(words: list[str], environment: Mapping[str, str], timeout_s: float) -> CompletedProcess[str]:
    """Run `imagelabels` with these words to its end, without input; raises TimeoutExpired."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in STREAMS]
        process = _server().Process(target=_work, args=(words, dict(environment), Path.cwd(), streams))
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            raise TimeoutExpired(words, timeout_s)
        output, errors = (stream.read_text(errors="replace") for stream in streams)
    return CompletedProcess(words, process.exitcode, output, errors)


def _work(words: list[str], environment: dict[str, str], folder: Path, streams: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams, start=1):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = words
    # Only now: it reads the environment.
    from imagelabels.cli import main  # noqa: PLC0415  # see above

    main()
