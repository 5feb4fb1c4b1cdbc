"""The wheel is the command line without a checkout: it needs its declared dependencies and a stack."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from imagelabels.paths import ROOT
from tests.e2e.command import Done, assert_refused, run
from tests.e2e.installed import build, install
from tests.e2e.stack import Stack

Run = Callable[..., Done]
# In the worker that has the commands' stack, so that one wheel is built.
pytestmark = pytest.mark.xdist_group("commands")


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the installed command."""
    wheel = build(tmp_path_factory.mktemp("wheel"))
    return partial(run, install(wheel, tmp_path_factory.mktemp("environment")))


def test_it_says_its_version_and_its_commands(command: Run, tmp_path: Path) -> None:
    version = command(tmp_path, "--version")
    assert f'version = "{version.stdout.strip()}"' in (ROOT / "pyproject.toml").read_text()
    assert "reprocess" in command(tmp_path, "--help").stdout


def test_it_works_on_a_stack(command: Run, stack: Stack, home: Path, astronaut: bytes, tmp_path: Path) -> None:
    """`show --out` draws in the sandbox, a process that imports the shared package."""
    stack.upload("installed.png", astronaut)
    for words in (["labels"], ["show", "installed.png", "--out", str(tmp_path / "boxes.png")]):
        done = command(home, *words, "--json")
        assert done.returncode == 0, done.stderr
        assert "Face" in done.stdout
    assert (tmp_path / "boxes.png").stat().st_size


@pytest.mark.parametrize(
    "name", ["run", "bootstrap", "deploy --email=a@example.com", "diff --email=a@example.com", "destroy"]
)
def test_what_needs_a_checkout_says_so(command: Run, tmp_path: Path, name: str) -> None:
    assert_refused(command(tmp_path, *name.split()), "needs a checkout of the project")
