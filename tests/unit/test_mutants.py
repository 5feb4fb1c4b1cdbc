"""The faults that `make mutants` puts into code and definition."""

import ast
import importlib
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from imagelabels.paths import ROOT
from tools.mutants import definition_mutants, patched, python_mutants

CODE = '''LIMIT = 64  # a comment stays

def checked(values: list[int], least: float = 0.5) -> bool:
    """A text is not changed."""
    found = sorted(values, key=abs)
    if not found and LIMIT > 3:
        raise ValueError("nothing")
    return found[0] < least
'''


@pytest.fixture(scope="module")
def changed() -> dict[str, str]:
    """The texts of the mutants of CODE, by their names without the file."""
    return {mutant.name.removeprefix("a.py "): mutant.text for mutant in python_mutants.mutants("a.py", CODE)}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("LIMIT: 64 -> 65", "64", "(65)"),
        ("LIMIT: 64 -> 6400", "64", "(6400)"),
        ("checked: 0.5 -> 1.5", "0.5", "(1.5)"),
        ("checked: LIMIT > 3 -> LIMIT >= 3", "LIMIT > 3", "(LIMIT >= 3)"),
        (
            "checked: not found and LIMIT > 3 -> not found or LIMIT > 3",
            "not found and LIMIT > 3",
            "(not found or LIMIT > 3)",
        ),
        ("checked: not found -> found", "not found", "(found)"),
        ("checked: found[0] < least -> found[0] <= least", "found[0] < least", "(found[0] <= least)"),
        ("checked: without `raise ValueError('nothing')`", 'raise ValueError("nothing")', "pass"),
        ("checked: without key=abs in sorted(values, key=abs)", "sorted(values, key=abs)", "(sorted(values))"),
        (
            "checked: sorted(values, key=abs) -> list(values, key=abs)",
            "sorted(values, key=abs)",
            "(list(values, key=abs))",
        ),
    ],
)
def test_a_mutant_has_one_change_and_else_the_same_text(changed: dict[str, str], name: str, old: str, new: str) -> None:
    assert changed[name] == CODE.replace(old, new, 1)


def test_each_mutant_is_python_and_differs(changed: dict[str, str]) -> None:
    assert CODE not in changed.values()
    for text in changed.values():
        ast.parse(text)
        assert "# a comment stays" in text
        assert '"""A text is not changed."""' in text
        assert "values: list[int]" in text


READ_ONLY = """
@dataclass(frozen=True)
class A:
    b: int = 1

def work(a, c, d):
    logger().info("done", count=3)
    logger().append_keys(count=4)
    e = len(a)
    f = ask(c)
    g = ask(e)
    a.h = 5
    return zip(a, c, strict=False)
"""


def test_what_only_people_or_the_type_checker_read_has_no_mutants() -> None:
    names = [mutant.name.removeprefix("a.py ") for mutant in python_mutants.mutants("a.py", READ_ONLY)]
    assert names == [
        "A: 1 -> 2",
        "work: without `return zip(a, c, strict=False)`",
        "work: `g = ask(e)` before `f = ask(c)`",
        *("work: 5 -> 6", "work: 5 -> 500", "work: False -> True"),
    ]


SOURCE = "LIMIT = 3\ndef least(x, y=2):\n    def inner(): return x < LIMIT\n    return inner()\n"


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [("x < LIMIT", "x <= LIMIT", True), ("LIMIT = 3", "LIMIT = 4", True), ("y=2", "y=3", None)],
)
def test_what_is_imported_gets_the_code_or_the_constants_of_a_mutant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, answer: object
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patched_source.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "patched_source", raising=False)
    module = importlib.import_module("patched_source")
    assert module.least(3) is False
    if answer is None:
        with pytest.raises(patched.NotHereError):
            patched.patch("patched_source.py", SOURCE, SOURCE.replace(old, new))
    else:
        patched.patch("patched_source.py", SOURCE, SOURCE.replace(old, new))
        assert module.least(3) is answer
    del sys.modules["patched_source"]


STATE: dict[str, Any] = {
    "Type": "Task",
    "TimeoutSeconds": 30,
    "Retry": [{"ErrorEquals": ["A", "B"], "MaxAttempts": 5}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Last"}],
    "Next": "Last",
}
DEFINITION = {"StartAt": "First", "States": {"First": STATE, "Last": {"Type": "Succeed"}}}


def test_the_definition_loses_errors_and_catches_and_changes_numbers_and_targets() -> None:
    names = [
        mutant.name.removeprefix(f"{definition_mutants.PATH} First: ")
        for mutant in definition_mutants.mutants(DEFINITION)
    ]
    assert names == [
        "TimeoutSeconds = 31",
        "TimeoutSeconds = 150",
        'Next = "First"',
        "Retry = []",
        "Retry.0.MaxAttempts = 6",
        "Retry.0.MaxAttempts = 25",
        'Retry.0.ErrorEquals = ["B"]',
        'Retry.0.ErrorEquals = ["A"]',
        "Catch = []",
        'Catch.0.Next = "First"',
        "Catch.0.ResultPath = null",
    ]


ACCEPTED: list[dict[str, str]] = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text())["accepted"]


@pytest.mark.parametrize("one", ACCEPTED, ids=lambda one: one["mutant"])
def test_each_accepted_mutant_exists_and_has_a_reason(one: dict[str, str]) -> None:
    """Code that changed needs no old excuse."""
    file = one["mutant"].split()[0]
    names = [mutant.name for mutant in python_mutants.mutants(file, (ROOT / file).read_text())]
    assert any(name.startswith(one["mutant"]) for name in names)
    assert one["why"].endswith(".")
