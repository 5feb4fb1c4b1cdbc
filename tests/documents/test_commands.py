"""docs/commands.md says what the commands' own help says."""

from tools.command_reference import PAGE, PICTURE, reference


def test_page_is_what_make_docs_writes() -> None:
    assert PAGE.read_text() == reference()


def test_page_has_its_picture() -> None:
    assert (PAGE.parent / PICTURE).read_text().startswith("<svg")
