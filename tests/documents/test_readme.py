"""What the README promises is there: its commands, its states, its errors, its settings."""

import inspect
import re
from pathlib import Path

import pytest
from typer.main import get_command

from imagelabels.cli import app
from imagelabels.paths import ROOT
from imagelabels_shared import errors
from infra.definition import definition

README = (ROOT / "README.md").read_text()


def first_cells(header: str) -> list[str]:
    """Return what stands in backquotes at the start of each row of the table with this first header cell."""
    table = README.split(f"| {header} |", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


def test_states_are_those_of_the_definition() -> None:
    assert first_cells("state") == list(definition()["States"])


def test_errors_are_those_of_the_vocabulary() -> None:
    names = [name for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, Exception)]
    assert first_cells("error") == names


def test_commands_are_of_the_command_line() -> None:
    """docs/commands.md has all of them, each with its help."""
    commands = get_command(app).commands  # type: ignore[attr-defined]  # a Typer app with commands is a group
    named = [row.split()[1] for row in first_cells("command")]
    assert "watch" in named
    assert set(named) <= set(commands)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:\$ |`)make ([a-z]+)", README))))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / Path(link)).exists()


def test_readme_has_a_readable_length() -> None:
    assert 100 <= len(README.splitlines()) <= 170
