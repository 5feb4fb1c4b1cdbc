"""Running the conversion where it can do no harm, and understanding how it ended."""

import json
import os
import subprocess
import sys
from pathlib import Path

from normalize_image.conversion import Converted
from shared.errors import CorruptImageError
from shared.observability import logger
from shared.pictures import REJECTIONS

# Measured: the slowest photo within the limits takes a quarter of this (docs/images.md).
MAX_SECONDS = 60
NAMED = {error.__name__: error for error in REJECTIONS}


def convert_safely(original: Path, copy: Path, name: str) -> Converted:
    """Convert in another process.

    Raises what `conversion.convert` raises; CorruptImageError, too, when the photo hangs or crashes the decoder.
    """
    command = [sys.executable, "-m", "normalize_image.conversion", str(original), str(copy), name]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            command, env=_environment(), capture_output=True, text=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CorruptImageError(
            f"The photo cannot be decoded within {MAX_SECONDS} seconds. Export it again as JPEG and upload that."
        ) from error
    logger().append_keys(decoder=done.stderr.strip()[-500:])
    if done.returncode < 0:
        raise CorruptImageError("The photo crashes the program that decodes it. Export it again as JPEG.")
    if done.returncode:
        raise RuntimeError(f"The conversion failed: {done.stderr.strip()[-500:]}")
    return _answer(json.loads(done.stdout))


def _answer(answer: dict[str, dict[str, str]]) -> Converted:
    if rejected := answer.get("rejected"):
        raise NAMED[rejected["error"]](rejected["sentence"])
    return Converted(**answer["converted"])  # type: ignore[arg-type]  # as `conversion.main` wrote it


def _environment() -> dict[str, str]:
    """Return this process's environment without AWS's credentials."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # The bound is on address space, and each memory arena of glibc reserves some that it may never use.
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_ARENA_MAX": "1"}
