"""What becomes of each kind of file from the wild, for docs/images.md: `python -m tests.images.page` writes it."""

import tempfile
from pathlib import Path

from imagelabels_shared.errors import REJECTIONS
from tests.corpus import wild
from tests.images.verdict import judge

PAGE = Path(__file__).parents[2] / "docs" / "images.md"
START, END = "<!-- variants: `make docs` writes this table -->\n", "<!-- end of variants -->"
HEAD = "| a file like | what happens | the person sees |\n|---|---|---|\n"


def row(name: str, data: bytes, folder: Path) -> str:
    try:
        picture, converted = judge(data, folder)
    except REJECTIONS as error:
        return f"| {name} | `{type(error).__name__}` | {error} |"
    said = "; ".join(converted["did"]) if converted else ""
    return f"| {name} | {picture.format}, {'converted' if converted else 'goes straight'} | {said} |"


def table() -> str:
    """Return the table, made by running each file of the corpus through the rules."""
    kinds = wild.STRAIGHT | wild.CONVERTED | wild.RAWS | wild.UNSUPPORTED | wild.CORRUPT
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(name, make(), Path(folder)) for name, make in kinds.items()]
    return HEAD + "\n".join(rows) + "\n"


def main() -> None:
    before, rest = PAGE.read_text().split(START)
    PAGE.write_text(before + START + table() + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
