"""The photos that a person names: files, or folders with the photos in them, and what is left out."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imagelabels.errors import UserError
from imagelabels.upload.content import is_photo
from imagelabels.words import counted

# S3's limit of a key, in bytes of UTF-8 (docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
MOST_KEY_BYTES = 1024
# What operating systems, file servers and archives put beside photos; names that begin with a point are hidden, too.
LITTER = {
    "$RECYCLE.BIN",
    "@eaDir",
    "Desktop.ini",
    "System Volume Information",
    "Thumbs.db",
    "__MACOSX",
    "desktop.ini",
    "ehthumbs.db",
    "lost+found",
}
# What is left out of a folder: one file of it, and several.
HIDDEN = ("hidden file", "hidden files")
NO_PHOTOS = ("file that is not a photo", "files that are not photos")


@dataclass
class Selection:
    """`files` by key; in `refused` a sentence for each that cannot be uploaded; in `notes` one for each link left out.

    `skipped` counts the files that were left out, by what they are.
    """

    files: dict[str, Path] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def skipped_line(self) -> str:
        """What was left out, as in "skipped 1 hidden file and 48 files that are not photos"."""
        return "skipped " + " and ".join(counted(count, *kind) for kind, count in self.skipped.items())


def select(paths: Iterable[Path], prefix: str = "", *, everything: bool = False) -> Selection:
    """Return the files by the key that each will have: `prefix`, and its name or its path below the named folder.

    A named file is always taken; of a folder the photos, or `everything`. Raises UserError for two files of one key.
    """
    selection = Selection()
    for path in paths:
        found = _inside(path, selection, everything=everything) if path.is_dir() else [(path.name, path)]
        for name, file in found:
            _add(selection, prefix, name, file)
    return selection


def _add(selection: Selection, prefix: str, name: str, file: Path) -> None:
    # The bytes of the name, whatever encoding this shell's locale has.
    try:
        key = prefix + os.fsencode(name).decode()
    except UnicodeDecodeError:
        selection.refused.append(f"The name {name} is not UTF-8; rename {file}.")
        return
    if why := _unreadable(file) or _too_long(key, file):
        selection.refused.append(why)
    elif selection.files.setdefault(key, file) != file:
        raise UserError(
            f"{selection.files[key]} and {file} would both become {key}; upload them with different prefixes."
        )


def _unreadable(file: Path) -> str:
    if not file.is_file():
        return f"There is no file {file}."
    return "" if os.access(file, os.R_OK) else f"The file {file} may not be read; check its permissions."


def _too_long(key: str, file: Path) -> str:
    size = len(key.encode(errors="replace"))
    return "" if size <= MOST_KEY_BYTES else f"The key of {file} has {size} bytes, and S3 takes {MOST_KEY_BYTES}."


def _inside(folder: Path, selection: Selection, *, everything: bool) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder, by name; count what is left out, and name links and folders that cannot be read."""

    def unreadable(error: OSError) -> None:
        selection.refused.append(f"The folder {os.fsdecode(error.filename)} may not be read: {error.strerror}.")

    for place, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(place)
        folders.sort()
        for name in list(folders):
            if _is_left_out(here / name, folder, selection, everything=everything):
                folders.remove(name)
        for name in sorted(names):
            file = here / name
            if not _is_left_out(file, folder, selection, everything=everything):
                yield file.relative_to(folder).as_posix(), file


def _is_left_out(path: Path, folder: Path, selection: Selection, *, everything: bool) -> bool:
    """Tell whether something in a folder is left out, after counting or naming it."""
    if path.is_symlink() and (why := _astray(path, folder)):
        selection.notes.append(f"{path} is left out: {why}.")
        return True
    if not path.is_dir() and not path.is_file():
        selection.notes.append(f"{path} is left out: it is neither a file nor a folder.")
        return True
    if everything:
        return False
    if kind := _kind(path):
        selection.skipped[kind] += _files_in(path) if path.is_dir() else 1
    return bool(kind)


def _astray(link: Path, folder: Path) -> str:
    """Return why a link in a folder is not followed: such a folder may come from others."""
    # Path.resolve raises an error for links that lead in a circle.
    target = Path(os.path.realpath(link))
    if not target.is_relative_to(folder.resolve()):
        return f"it is a link to {target}, which is not in {folder}"
    if target.is_dir():
        return f"it is a link to the folder {target}"
    return "" if target.is_file() else "it leads nowhere"


def _kind(path: Path) -> tuple[str, str] | None:
    """Return what is wrong with a file or a folder as a photo, None for a photo and for a folder to look into."""
    if path.name.startswith(".") or path.name in LITTER:
        return HIDDEN
    return None if path.is_dir() or not os.access(path, os.R_OK) or is_photo(path) else NO_PHOTOS


def _files_in(folder: Path) -> int:
    return sum(len(names) for _place, _folders, names in os.walk(folder))
