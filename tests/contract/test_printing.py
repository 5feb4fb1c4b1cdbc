"""Only one module prints, so that no text reaches a terminal without passing `imagelabels_shared.text`."""

import ast
from pathlib import Path

import pytest

from tests.contract.conftest import ROOT

PACKAGE = ROOT / "imagelabels"
# Beside the console itself: tables, and the sentences of `make run`.
PRINTERS = {"terminal/console.py", "terminal/tables.py", "terminal/progress.py"}
PRINTING = {"Console", "Text", "add_row", "echo", "print", "rule", "secho", "write"}


def printing(source: str) -> set[str]:
    """Return the calls by which a module prints, or makes something that Rich prints; writing a file does not count."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    return (names | {_method(call) for call in calls if isinstance(call, ast.Attribute)}) & PRINTING


def _method(call: ast.Attribute) -> str:
    # Only `write` of standard output and standard error prints.
    return "" if call.attr == "write" and not ast.unparse(call.value).startswith("sys.std") else call.attr


def test_only_the_terminal_prints() -> None:
    found = {str(path.relative_to(PACKAGE)): printing(path.read_text()) for path in PACKAGE.rglob("*.py")}
    assert {path: names for path, names in found.items() if names and path not in PRINTERS} == {}
    assert all(found[path] for path in PRINTERS)


@pytest.mark.parametrize(
    "source", ["print(key)", "out.print(key)", "Text(key)", "sys.stdout.write(key)", "view.add_row(key)"]
)
def test_a_module_that_prints_is_found(source: str) -> None:
    assert printing(source)


def test_a_module_that_writes_a_file_is_not(tmp_path: Path) -> None:
    assert not printing(f"open('{tmp_path}').write(key)")
