"""docs/images.md says what the code says: every format, every sentence of a rejection, every kind of file."""

import ast
import inspect
import re
from itertools import chain

from imagelabels.paths import ROOT
from imagelabels_shared import errors
from normalize_image.decoders import DECODERS
from validate_image.content import BRANDS, JPEG, PNG, SIGNATURES
from validate_image.rules import PLAIN_MODES
from validate_image.unsupported_formats import EXPORT, PATTERNS, TEXT, UNKNOWN, UNSUPPORTED_FORMATS, WRITTEN, ZIPPED

PAGE = (ROOT / "docs" / "images.md").read_text()
# For the photo's owner; the other errors are for operators.
OWNERS = {
    name for name in vars(errors) if name.startswith(("Archived", "Image", "EmptyImage", "Unsupported", "Corrupt"))
}


def table(first_header: str) -> list[list[str]]:
    """Return the cells of each row of the table with this first header cell."""
    body = PAGE.split(f"\n| {first_header} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def sentences() -> set[tuple[str, str]]:
    """Return every (error, sentence) that the functions can say to a photo's owner, with … for what varies."""
    nodes = chain.from_iterable(ast.walk(ast.parse(path.read_text())) for path in (ROOT / "functions").rglob("*.py"))
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args]
    said = {(ast.unparse(call.func), spoken(call.args[0])) for call in calls}
    # `rejection(error, sentence)` says the sentence when the photo is gone.
    gone = [call for call in calls if ast.unparse(call.func) == "rejection" and len(call.args) > 1]
    said |= {("ImageNotFoundError", spoken(call.args[1])) for call in gone}
    return {one for one in said if one[0] in OWNERS} - {("ImageNotFoundError", "…")}


def spoken(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)


def matches(pattern: str, sentence: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace("…", ".+"), sentence) is not None


def rows() -> list[tuple[str, str]]:
    return [(error.strip("`"), f"{sees} {does}") for error, sees, does, _cause in table("error")]


def test_every_sentence_of_the_code_has_a_row() -> None:
    unsaid = {one for one in sentences() if not any(one[0] == e and matches(one[1], s) for e, s in rows())}
    assert unsaid == set()


def test_every_row_is_a_sentence_of_the_code() -> None:
    invented = {row for row in rows() if not any(row[0] == e and matches(s, row[1]) for e, s in sentences())}
    assert invented == set()


def test_every_error_that_a_photos_owner_meets_has_a_row() -> None:
    assert {error for error, _sentence in rows()} == OWNERS
    assert all(inspect.isclass(getattr(errors, name)) for name in OWNERS)


def test_every_kind_of_other_file_is_listed_with_its_advice() -> None:
    kinds = {(kind.what, kind.advice) for kind in UNSUPPORTED_FORMATS} | {
        *((name, EXPORT) for name in PATTERNS),
        *ZIPPED.values(),
        *WRITTEN.values(),
        TEXT,
        UNKNOWN,
    }
    listed = {(what, advice) for whats, advice in table("the file is") for what in whats.split(", ")}
    assert listed == kinds


def test_formats_are_those_that_are_recognized_and_decoded() -> None:
    formats = table("format")
    assert {row[0] for row in formats} == set(DECODERS) >= set(SIGNATURES) | set(BRANDS)
    assert {row[0] for row in formats if row[1]} == set(PLAIN_MODES) == {JPEG, PNG}
