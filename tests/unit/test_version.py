"""`imagelabels --version`."""

from importlib.metadata import version

from typer.testing import CliRunner

from imagelabels.cli import app


def test_version_is_that_of_the_package() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"{version('imagelabels')}\n")
