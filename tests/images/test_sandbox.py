"""What a decoder could be made to do by a file: a child of the sandbox tries each, and each is refused."""

import ctypes
import os
import signal
import struct
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from imagelabels_shared.errors import CorruptImageError
from imagelabels_shared.sandbox import parent, seccomp, syscalls
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.parent import Ended, run
from normalize_image.sandbox import convert_safely
from tests.corpus.good import CONVERTED
from tests.images.verdict import ends_of
from validate_image.rules import examine

FILTERED, UNFILTERED = "tests.images.escapes", "tests.images.escapes_unfiltered"
MIB = 1024 * 1024
BOUNDS = Bounds(seconds=10, memory_bytes=1024 * MIB, file_bytes=4 * MIB)
NOT_PERMITTED, NO_DESCRIPTOR = "Operation not permitted", "Too many open files"
PR_GET_DUMPABLE = 3


def tried(*arguments: Any, module: str = FILTERED, bounds: Bounds = BOUNDS) -> Ended:
    with tempfile.TemporaryFile() as photo, tempfile.TemporaryFile() as result:
        photo.write(b"a photo")
        photo.flush()
        return run(module, arguments, photo=photo, result=result, bounds=bounds)


@pytest.mark.parametrize(
    "name",
    [
        *("environment_of_the_parent", "memory_of_the_parent", "trace", "connect", "talk_to_itself", "fork"),
        *("run_a_program", "read_a_file", "write_a_file", "make_a_folder", "end_the_parent", "open_more_files"),
    ],
)
def test_what_no_decoder_needs_is_refused(name: str) -> None:
    ended = tried(name)
    assert (ended.result(), ended.refused) == (NOT_PERMITTED, [])


@pytest.mark.parametrize("name", ["environment_of_the_parent", "memory_of_the_parent", "read_a_file", "write_a_file"])
def test_without_the_filter_nothing_is_opened_either(name: str) -> None:
    ended = tried(name, module=UNFILTERED)
    assert (ended.result(), ended.refused) == (NO_DESCRIPTOR, ["seccomp"])


@pytest.mark.parametrize("name", ["connect", "talk_to_itself"])
def test_without_the_filter_there_is_no_network_either(name: str) -> None:
    assert tried(name, module=UNFILTERED).result() == NO_DESCRIPTOR


@pytest.mark.parametrize("module", [FILTERED, UNFILTERED])
def test_the_parents_memory_cannot_be_read_without_opening_it_either(module: str) -> None:
    """With the filter the call is refused; without it, the parent hides itself, even from root without privileges."""
    secret = ctypes.create_string_buffer(b"secret")
    assert tried("memory_by_call", ctypes.addressof(secret), module=module).result() == NOT_PERMITTED


def test_the_parent_hides_its_environment_and_memory() -> None:
    tried("folder")
    assert ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0


def test_clone3_is_unknown_and_threads_run() -> None:
    """Decoders start threads; libc falls back to the older call, whose flags the filter sees."""
    assert tried("clone3").result() == "Function not implemented"
    assert tried("start_a_thread").result()[0] == "a thread ran"


@pytest.mark.parametrize("module", [FILTERED, UNFILTERED])
def test_the_disk_cannot_be_filled(module: str) -> None:
    with tempfile.TemporaryFile() as photo, tempfile.TemporaryFile() as result:
        ended = run(module, ["fill_the_disk"], photo=photo, result=result, bounds=BOUNDS)
        assert ended.result() == "File too large"
        assert os.fstat(result.fileno()).st_size == BOUNDS.file_bytes


def test_the_environment_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_PASSWORD", "secret")
    seen = tried("show_environment").result()[0]
    assert set(seen) <= {*parent.KEPT, "MALLOC_ARENA_MAX", "PYTHONPATH", "LC_CTYPE"}
    assert "secret" not in seen.values()


def test_the_folder_is_fresh_and_empty_and_gone_afterwards() -> None:
    folder, files = tried("folder").result()[0]
    assert files == []
    assert not Path(folder).exists()


def test_what_is_left_behind_is_removed() -> None:
    """Without the filter it can make folders, so that there is something to remove."""
    assert not Path(tried("make_a_folder", module=UNFILTERED).result()[0]).exists()


def test_a_process_that_was_left_behind_is_ended() -> None:
    """Without the filter root can fork, so that there is something to end."""
    left = tried("fork", module=UNFILTERED).result()[0]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _runs(left):
        time.sleep(0.01)
    assert not _runs(left)


def _runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("name", ["hang", "spin"])
def test_a_decoder_that_hangs_is_stopped(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(CorruptImageError, match="within 1 seconds"):
        tried(name, bounds=BOUNDS._replace(seconds=1)).result()
    assert time.monotonic() - started < 5


def test_a_decoder_that_crashes_is_the_photos_fault() -> None:
    with pytest.raises(CorruptImageError, match="crashes the program"):
        tried("crash").result()


def test_an_answer_without_end_is_cut_and_is_no_answer() -> None:
    with pytest.raises(RuntimeError, match="The work on the photo failed"):
        tried("talk_without_end").result()


def test_work_that_cannot_start_is_our_fault() -> None:
    with pytest.raises(RuntimeError, match="ModuleNotFoundError"):
        tried("anything", module="no_such_module").result()


@pytest.mark.parametrize("name", CONVERTED)
def test_decoders_need_nothing_that_the_sandbox_refuses(name: str, tmp_path: Path) -> None:
    """A module that Pillow imports only when it is needed would be refused, and the photo with it."""
    data = CONVERTED[name]()
    (tmp_path / "original").write_bytes(data)
    assert convert_safely(tmp_path / "original", tmp_path / "copy.jpg", examine(ends_of(data)).format)["did"]


@pytest.mark.parametrize("machine", seccomp.ARCHITECTURES)
def test_the_filter_says_the_same_on_each_processor(machine: str) -> None:
    """An interpreter of the few instructions: Lambda runs on another processor than most laptops."""
    column, other = list(seccomp.ARCHITECTURES).index(machine), 0xDEAD
    architecture = seccomp.ARCHITECTURES[machine]
    clone, clone3 = syscalls.CLONE[column], syscalls.CLONE3[column]
    refused = [one[column] for one in syscalls.REFUSED.values() if one[column] is not None]
    ask = {number: (architecture, number, 0) for number in range(500)}
    answers = {number: _answered(machine, *asked) for number, asked in ask.items()}
    assert {number for number, said in answers.items() if said == "EPERM"} == {*refused, clone}
    assert answers[clone3] == "ENOSYS"
    assert _answered(machine, architecture, clone, seccomp.CLONE_THREAD) == "allowed"
    assert _answered(machine, architecture, clone, signal.SIGCHLD) == "EPERM"
    assert _answered(machine, architecture, syscalls.X32 + 1, 0) == "EPERM"
    assert _answered(machine, other, 0, 0) == "EPERM"


def _answered(machine: str, architecture: int, number: int, argument: int) -> str:
    """Return what the program says to a call."""
    data = {seccomp.NUMBER: number, seccomp.ARCHITECTURE: architecture, seccomp.FIRST_ARGUMENT: argument}
    code, value, at = list(struct.iter_unpack("HBBI", seccomp.program(machine))), 0, 0
    while True:
        operation, yes, no, constant = code[at]
        at += 1
        if operation == seccomp.RETURN:
            return {seccomp.ALLOW: "allowed", 0x50001: "EPERM", 0x50026: "ENOSYS"}[constant]
        if operation == seccomp.LOAD:
            value = data[constant]
            continue
        holds = {
            seccomp.EQUAL: value == constant,
            seccomp.AT_LEAST: value >= constant,
            seccomp.ANY_BIT: bool(value & constant),
        }[operation]
        at += yes if holds else no
