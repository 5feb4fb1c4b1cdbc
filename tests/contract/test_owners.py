"""Facts that many modules need are written in one of them; the others import it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.conftest import ROOT

CODE = [path for folder in ("functions", "imagelabels", "infra") for path in (ROOT / folder).rglob("*.py")]
# The emulator has one partition.
IN_ANY_PARTITION = [path for path in CODE if "local" not in path.relative_to(ROOT).parts]
RECORDS, TIMES = "table/records.py", "imagelabels_shared/timestamps.py"


def texts(source: str) -> Iterator[str]:
    """Yield the texts of a module's code, without its docstrings."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def spells_a_record(source: str) -> bool:
    """Return whether a module spells the sort key of an item."""
    return any(text == "IMAGE" or text.startswith(("RUN#", "LABEL#")) for text in texts(source))


def formats_a_time(source: str) -> bool:
    """Return whether a module makes the text of a time, or of a part of it."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in {"isoformat", "strftime"} for call in calls)


def names_a_partition(source: str) -> bool:
    """Return whether a module writes an ARN of the partition `aws`: GovCloud and China have others."""
    return any("arn:aws:" in text for text in texts(source))


def others(rule: Callable[[str], bool], owner: str) -> list[Path]:
    """Return the modules beside the owner that do what the rule says."""
    return [path for path in CODE if rule(path.read_text()) and not str(path).endswith(owner)]


def test_one_module_spells_the_records_of_the_table() -> None:
    assert others(spells_a_record, RECORDS) == []
    assert spells_a_record((ROOT / "functions/imagelabels_shared" / RECORDS).read_text())


def test_one_module_formats_times() -> None:
    assert others(formats_a_time, TIMES) == []
    assert formats_a_time((ROOT / "functions" / TIMES).read_text())


def test_no_module_names_a_partition() -> None:
    assert [path for path in IN_ANY_PARTITION if names_a_partition(path.read_text())] == []
    assert names_a_partition('f"arn:aws:s3:::{bucket}"')


@pytest.mark.parametrize("source", ['item["record"] == "IMAGE"', 'f"LABEL#{name}"', 'key = "RUN#"'])
def test_another_spelling_is_noticed(source: str) -> None:
    assert spells_a_record(source)


def test_a_docstring_is_not_a_spelling() -> None:
    assert not spells_a_record('"""IMAGE"""')


@pytest.mark.parametrize("source", ["now.isoformat()", "now.strftime('%Y')"])
def test_another_form_of_a_time_is_noticed(source: str) -> None:
    assert formats_a_time(source)
