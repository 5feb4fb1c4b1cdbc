"""What the README promises is there: its commands and its make targets."""

import re

import pytest
from typer.main import get_command

from imagelabels.cli import app
from imagelabels.paths import ROOT

README = (ROOT / "README.md").read_text()
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]  # a Typer app with commands is a group


@pytest.mark.parametrize("line", re.findall(r"^\$ imagelabels (.+?)(?: +#.*)?$", README, re.MULTILINE))
def test_commands_and_their_options_exist(line: str) -> None:
    name, *words = line.split()
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:\$ |`)make ([a-z]+)", README))))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_readme_names_the_tests_that_ci_runs() -> None:
    assert "`make test`" in README
    assert "make test" in (ROOT / ".ci" / "run").read_text().splitlines()
