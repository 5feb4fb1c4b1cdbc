"""Which files of a folder `upload` and `run` take."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imagelabels.commands.upload import upload
from imagelabels.errors import UserError
from imagelabels.upload.content import content_type
from imagelabels.upload.files import named, split
from imagelabels.upload.selection import HIDDEN, NO_PHOTOS, select


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as somebody may send it: photos, links inside of it, and links to what is the reader's own."""
    secret, inside = tmp_path / "secret", tmp_path / "photos"
    (inside / "beach").mkdir(parents=True)
    secret.mkdir()
    (secret / "passport.jpg").write_text("mine")
    (inside / "a.jpg").write_text("photo")
    (inside / "beach" / "b.jpg").write_text("photo")
    (inside / "same.jpg").symlink_to("beach/b.jpg")
    (inside / "out.jpg").symlink_to(secret / "passport.jpg")
    (inside / "climbs.jpg").symlink_to("beach/../../secret/passport.jpg")
    (inside / "all").symlink_to(secret)
    (inside / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (inside / "circle").symlink_to("circle")
    (inside / "around").symlink_to("../photos")
    return inside


def test_links_that_lead_out_of_a_folder_are_left_out_and_named(folder: Path) -> None:
    said: list[str] = []
    assert set(named([folder], said.append)) == {"a.jpg", "beach/b.jpg", "same.jpg"}
    assert sorted(line.split()[0] for line in said) == [
        str(folder / name) for name in ("all", "around", "circle", "climbs.jpg", "gone.jpg", "out.jpg")
    ]
    assert (
        f"{folder}/out.jpg is left out: it is a link to {folder.parent}/secret/passport.jpg, which is not in {folder}."
        in said
    )
    assert f"{folder}/around is left out: it is a link to the folder {folder}." in said
    assert f"{folder}/circle is left out: it leads nowhere." in said


def test_a_link_that_a_person_names_is_followed(folder: Path, tmp_path: Path) -> None:
    """It is what the person asked for, a file and a folder alike."""
    (tmp_path / "mine").symlink_to(folder)
    said: list[str] = []
    assert "a.jpg" in named([tmp_path / "mine"], said.append)
    assert named([folder / "out.jpg"], said.append) == {"out.jpg": folder / "out.jpg"}


def test_a_folder_of_nothing_but_links_has_no_photos(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`upload` says so on standard error, each link in a line, before it looks for a stack."""
    for name in ("a.jpg", "same.jpg", "beach/b.jpg"):
        (folder / name).unlink()
    with pytest.raises(UserError, match="There are no photos there"):
        upload([folder])
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("is left out: it")) == ("", 6)


def test_a_name_that_is_not_utf_8_is_left_out_and_the_others_are_not(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_text("photo")
    with pytest.raises(UserError, match="is not UTF-8; rename"):
        named([tmp_path], print)
    (tmp_path / "a.jpg").write_text("photo")
    chosen = select([tmp_path])
    assert (list(chosen.files), len(chosen.refused)) == (["a.jpg"], 1)


def test_system_litter_and_what_is_no_photo_are_counted(tmp_path: Path) -> None:
    """A text with a picture's name is uploaded: its owner must hear that the photo is lost."""
    litter = [".git/config", ".thumbs/a.jpg", "Thumbs.db", "__MACOSX/._a.jpg", "album/.DS_Store"]
    for name in [*litter, "notes.txt", "film.mp4", "lost.jpg", "raw.cr3"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a text")
    Image.new("RGB", (2, 2)).save(tmp_path / "scan", "PNG")
    chosen = select([tmp_path], "2026/")
    assert list(chosen.files) == ["2026/lost.jpg", "2026/raw.cr3", "2026/scan"]
    assert chosen.skipped == {HIDDEN: 5, NO_PHOTOS: 2}
    assert chosen.skipped_line == "skipped 5 hidden files and 2 files that are not photos"
    assert len(select([tmp_path], everything=True).files) == 10
    assert list(select([tmp_path / "notes.txt"]).files) == ["notes.txt"]


def test_what_cannot_be_read_or_stored_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("photo")
    chosen = select([tmp_path, tmp_path / "gone.jpg"], "x" * 1020)
    assert chosen.files == {}
    assert chosen.refused == [
        f"The key of {tmp_path}/a.jpg has 1025 bytes, and S3 takes 1024.",
        f"There is no file {tmp_path}/gone.jpg.",
    ]


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, who reads every folder: so the operating system's answer is put in its place."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.jpg").write_text("photo")
    scan = os.scandir

    def refused(path: str) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    chosen = select([tmp_path])
    assert chosen.refused == [f"The folder {tmp_path}/closed may not be read: Permission denied."]
    assert list(chosen.files) == ["a.jpg"]


@pytest.mark.parametrize("text", ["n" * 300, " ".join(f"photo{number}.jpg" for number in range(30)), "a\0b"])
def test_names_that_are_too_long_for_one_path_are_several(text: str) -> None:
    assert split(text) == [Path(word) for word in text.split()]


def test_a_user_that_does_not_exist_is_one_sentence() -> None:
    with pytest.raises(UserError, match="there is no such user in '~nobodyhere/x'"):
        split("~nobodyhere/x")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heif"),
        (b"\0\0\0\x18ftypmif2\0\0\0\0mif1heic", "image/heif"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "application/octet-stream"),
        (b"Dear diary", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_content_type_is_by_content(tmp_path: Path, head: bytes, kind: str) -> None:
    (tmp_path / "wrong.jpg").write_bytes(head)
    assert content_type(tmp_path / "wrong.jpg") == kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP"])
def test_the_content_type_of_what_pillow_knows(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / "wrong.txt", kind)
    assert content_type(tmp_path / "wrong.txt") == f"image/{kind.lower()}"
