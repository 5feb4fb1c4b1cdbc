"""Mutated images through the rules: `python -m tests.images.fuzz FIRST_SEED COUNT` prints what came of them.

It is a process of its own, under NormalizeImage's bound on memory, so that peak memory can be measured and a
decoder that crashes is seen as a crash.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from imagelabels_shared.errors import REJECTIONS
from normalize_image.sandbox import BOUNDS
from tests.corpus.files import file, oriented
from tests.corpus.scene import scene
from tests.images.verdict import judge

Bytes = bytearray
NUMBERS = (0, 1, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)


def originals() -> dict[str, bytes]:
    """Return a small file of each kind of decoder."""
    small = scene().resize((120, 90))
    note = oriented(6)
    plain = {name: file(name, small, exif=note) for name in ("JPEG", "PNG", "WEBP", "HEIF", "TIFF")}
    return plain | {
        "progressive": file("JPEG", small, progressive=True, exif=note),
        "cmyk": file("JPEG", small.convert("CMYK")),
        "MPO": file("MPO", small, save_all=True, append_images=[small]),
        "animated png": file("PNG", small, save_all=True, append_images=[small.rotate(9)]),
        "transparent": file("PNG", small.convert("RGBA")),
        "lossless webp": file("WEBP", small, lossless=True),
        "animated webp": file("WEBP", small, save_all=True, append_images=[small.rotate(9)]),
        "AVIF": file("AVIF", small, speed=10),
        "GIF": file("GIF", small, save_all=True, append_images=[small.rotate(9)]),
        "BMP": file("BMP", small),
        "lzw": file("TIFF", small, compression="tiff_lzw"),
        "jpeg in tiff": file("TIFF", small, compression="jpeg"),
        "JPEG2000": file("JPEG2000", small),
    }


def flip(data: Bytes, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 24)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data: Bytes, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start : start + chance.randint(1, 64)] = chance.randbytes(chance.randint(1, 64))


def remove(data: Bytes, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.randint(1, 512)]


def repeat(data: Bytes, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 512)]
    data[start:start] = piece * chance.randint(1, 50)


def truncate(data: Bytes, chance: random.Random) -> None:
    del data[chance.randrange(12, len(data)) :]


def number(data: Bytes, chance: random.Random) -> None:
    """Write an extreme number, as a size or an offset would stand there, near the start."""
    start = chance.randrange(min(len(data), 400))
    order: Any = chance.choice(("big", "little"))
    data[start : start + 4] = chance.choice(NUMBERS).to_bytes(4, order)


MUTATIONS: tuple[Callable[[Bytes, random.Random], None], ...] = (flip, overwrite, remove, repeat, truncate, number)


def mutated(files: dict[str, bytes], seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311  # the same seed gives the same file
    data = bytearray(files[chance.choice(sorted(files))])
    for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 3)):
        if len(data) > 12:
            mutation(data, chance)
    return bytes(data)


def outcome(data: bytes, folder: Path) -> str:
    try:
        _picture, converted = judge(data, folder)
    except REJECTIONS as error:
        return type(error).__name__
    return "converted" if converted else "straight"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BOUNDS.memory_bytes, BOUNDS.memory_bytes))
    first, count = map(int, sys.argv[1:])
    files, found, slowest = originals(), Counter[str](), (0.0, 0)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            data, started = mutated(files, seed), time.monotonic()
            # Seen only when this process dies, and then it is what one wants to know.
            print(seed, file=sys.stderr, flush=True)
            found[outcome(data, Path(folder))] += 1
            slowest = max(slowest, (time.monotonic() - started, seed))
    print(json.dumps({"found": found, "slowest_seconds": slowest, "peak_bytes": peak_bytes()}))


def peak_bytes() -> int:
    """Return the most memory that this process held; `getrusage` would count its parent's before exec, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main()
