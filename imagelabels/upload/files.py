"""The sample photographs, and the photos that a person names for `make run`."""

import shlex
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from imagelabels.errors import UserError
from imagelabels.upload.selection import Selection, select

Say = Callable[[str], None]
# Photographs that ship with scikit-image, public domain or CC0 (skimage/data/README.txt).
SAMPLES = ("astronaut.png", "chelsea.png", "coffee.png")
# What becomes of a file that is not a photo, by the text file beside them.
NOT_A_PHOTO = {"not-a-photo.jpg": "README.txt"}


def samples() -> dict[str, Path]:
    """Return the sample photographs by key, and a text file; raises UserError when scikit-image is not installed."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise UserError("The sample photographs are missing: run `make run`, which installs them, or name your own.")
    names = dict(zip(SAMPLES, SAMPLES, strict=True)) | NOT_A_PHOTO
    return {key: Path(spec.origin).parent / "data" / name for key, name in names.items()}


def named(paths: Iterable[Path], say: Say) -> dict[str, Path]:
    """Return the files by key, as `select` does; `say` gets a sentence about what is left out.

    Raises UserError when nothing is left, with the reason.
    """
    found = select(paths)
    for line in found.notes:
        say(line)
    require_any(found)
    for line in found.refused:
        say(line)
    if found.skipped.total():
        say(found.skipped_line.capitalize())
    return found.files


def require_any(found: Selection, advice: str = "") -> None:
    """Raise UserError when a selection has no file, with the reason, and with advice for files that were left out."""
    if found.files:
        return
    if found.refused:
        raise UserError(" ".join(found.refused))
    raise UserError(
        "There are no photos there" + (f": {found.skipped_line}{advice}." if found.skipped.total() else ".")
    )


def split(text: str) -> list[Path]:
    """Return the paths in IMAGES="..."; a path with spaces is the only one, or is quoted. Raises UserError."""
    try:
        words = [text] if _exists(Path(text).expanduser()) else shlex.split(text)
        return [Path(word).expanduser() for word in words]
    except ValueError as error:
        raise UserError(f"IMAGES cannot be read: {error}.") from error
    except RuntimeError as error:
        raise UserError(f"IMAGES cannot be read: there is no such user in {text!r}.") from error


def _exists(path: Path) -> bool:
    """Tell whether a path exists; thirty names in IMAGES are too long for one."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
