"""The project's wheel, built and installed into an environment that has its declared dependencies and nothing else."""

import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from imagelabels.paths import ROOT

UV = Path(sys.executable).with_name("uv")


def build(folder: Path) -> Path:
    """Build the wheel in `folder`, without network, and return it."""
    _done(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Make a virtual environment in `folder`, install the wheel into it without network, and return its command.

    Dependencies are links to what this environment has installed of them. The project itself comes from the wheel.
    """
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    _done(str(UV), "pip", "install", "--offline", "--no-index", "--no-deps", "--python", str(python), str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    (project,) = distributions(name="imagelabels", path=[str(packages)])
    for name in _required(project):
        _link(distribution(name), packages)
    return folder / "bin" / "imagelabels"


def _required(package: Distribution) -> set[str]:
    """Return the names of all distributions that a distribution requires, without extras."""
    names: set[str] = set()
    ahead = [package]
    while ahead:
        for line in ahead.pop().requires or []:
            wanted = Requirement(line)
            if wanted.name not in names and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                names.add(wanted.name)
                ahead.append(distribution(wanted.name))
    return names


def _link(package: Distribution, packages: Path) -> None:
    """Link each file or folder of a distribution that lies in site-packages itself."""
    for name in {file.parts[0] for file in package.files or [] if ".." not in file.parts}:
        target = packages / name
        if not target.exists():
            target.symlink_to(Path(str(package.locate_file(name))))


def _done(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    assert done.returncode == 0, done.stderr
