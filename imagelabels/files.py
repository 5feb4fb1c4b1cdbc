"""The photos a person names: files, or folders with everything in them."""

import os
import shlex
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from imagelabels.errors import DeskError

# Photographs that ship with scikit-image, public domain or CC0 (skimage/data/README.txt).
SAMPLES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg")


def samples() -> dict[str, Path]:
    """Return the sample photographs by key; raises DeskError when scikit-image is not installed."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise DeskError("The sample photographs are missing: run `make run`, which installs them, or name your own.")
    return {name: Path(spec.origin).parent / "data" / name for name in SAMPLES}


def named(paths: Iterable[Path]) -> dict[str, Path]:
    """Return the files by the key they will have: a file's name, or its path below the folder that was named.

    Raises DeskError for a path that cannot be read, an empty folder, or two files with one key.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for key, file in _files(path):
            if found.setdefault(key, file) != file:
                raise DeskError(
                    f"{found[key]} and {file} would both become {key}; upload them with different prefixes."
                )
    return found


def split(text: str) -> list[Path]:
    """Return the paths in IMAGES="..."; a path with spaces may stand alone, or quoted among others."""
    if Path(text).expanduser().exists():
        return [Path(text).expanduser()]
    try:
        return [Path(word).expanduser() for word in shlex.split(text)]
    except ValueError as error:
        raise DeskError(f"IMAGES cannot be read: {error}.") from error


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
        if not inside:
            raise DeskError(f"The folder {path} has no files.")
        yield from ((file.relative_to(path).as_posix(), _readable(file)) for file in inside)
    else:
        yield path.name, _readable(path)


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise DeskError(f"There is no file {file}.")
    if not os.access(file, os.R_OK):
        raise DeskError(f"The file {file} may not be read; check its permissions.")
    return file
