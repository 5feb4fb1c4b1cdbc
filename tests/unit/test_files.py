"""Which files of a folder `upload` and `run` take."""

import os
from pathlib import Path

import pytest

from imagelabels.commands.upload import upload
from imagelabels.errors import UserError
from imagelabels.upload.files import named


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
        str(folder / name) for name in ("all", "climbs.jpg", "gone.jpg", "out.jpg")
    ]
    assert f"it is a link to {folder.parent}/secret/passport.jpg, which is not in {folder}." in said[-1]


def test_a_link_that_a_person_names_is_followed(folder: Path, tmp_path: Path) -> None:
    """It is what the person asked for, a file and a folder alike."""
    (tmp_path / "mine").symlink_to(folder)
    said: list[str] = []
    assert "a.jpg" in named([tmp_path / "mine"], said.append)
    assert named([folder / "out.jpg"], said.append) == {"out.jpg": folder / "out.jpg"}


def test_a_folder_of_nothing_but_links_has_no_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`upload` says so on standard error, each link in a line, before it looks for a stack."""
    for name in ("a.jpg", "same.jpg", "beach/b.jpg"):
        (folder / name).unlink()
    with pytest.raises(UserError, match="has no files"):
        upload([folder])
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("is left out: it is a link to"), shown.err.count("\n")) == ("", 4, 4)


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_text("photo")
    with pytest.raises(UserError, match="is not UTF-8; rename it"):
        named([tmp_path], print)
