"""The photos that a person names: files, or folders with everything in them."""

import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from imagelabels.errors import UserError

Say = Callable[[str], None]
# Photographs that ship with scikit-image, public domain or CC0 (skimage/data/README.txt).
SAMPLES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg")


def samples() -> dict[str, Path]:
    """Return the sample photographs by key; raises UserError when scikit-image is not installed."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise UserError("The sample photographs are missing: run `make run`, which installs them, or name your own.")
    return {name: Path(spec.origin).parent / "data" / name for name in SAMPLES}


def named(paths: Iterable[Path], say: Say) -> dict[str, Path]:
    """Return the files by the key that each will have: a file's name, or its path relative to the named folder.

    Symbolic links in a folder that lead out of it are left out; `say` gets a sentence about each.
    Raises UserError for a path that cannot be read, an empty folder, a name that is not UTF-8, or two files of one key.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for key, file in _files(path, say):
            _require_utf8(key)
            if found.setdefault(key, file) != file:
                raise UserError(
                    f"{found[key]} and {file} would both become {key}; upload them with different prefixes."
                )
    return found


def split(text: str) -> list[Path]:
    """Return the paths in IMAGES="..."; a path with spaces is the only one, or is quoted. Raises UserError."""
    if Path(text).expanduser().exists():
        return [Path(text).expanduser()]
    try:
        return [Path(word).expanduser() for word in shlex.split(text)]
    except ValueError as error:
        raise UserError(f"IMAGES cannot be read: {error}.") from error


def _files(path: Path, say: Say) -> Iterator[tuple[str, Path]]:
    if path.is_dir():
        inside = [file for file in sorted(path.rglob("*")) if _belongs(file, path, say)]
        if not inside:
            raise UserError(f"The folder {path} has no files.")
        yield from ((file.relative_to(path).as_posix(), _readable(file)) for file in inside)
    else:
        yield path.name, _readable(path)


def _belongs(file: Path, folder: Path, say: Say) -> bool:
    """Tell whether a file of a folder is uploaded; a link in a folder that came from others must not lead out of it."""
    if file.is_symlink() and not _target(file).is_relative_to(folder.resolve()):
        say(f"{file} is left out: it is a link to {_target(file)}, which is not in {folder}.")
        return False
    return file.is_file() and not file.name.startswith(".")


def _target(link: Path) -> Path:
    # Path.resolve raises an error for links that lead in a circle.
    return Path(os.path.realpath(link))


def _require_utf8(key: str) -> None:
    """Raise UserError for a name with other bytes, which Python shows as lone surrogates; S3 keys are UTF-8."""
    try:
        key.encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The name {key} is not UTF-8; rename it.") from error


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise UserError(f"There is no file {file}.")
    if not os.access(file, os.R_OK):
        raise UserError(f"The file {file} may not be read; check its permissions.")
    return file
