"""The CDK command line: pinned in package.json, installed on first use, run with the Node.js that is installed."""

import os
import shutil
import subprocess
from pathlib import Path

from imagelabels.deploy.node import find_node
from imagelabels.errors import UserError
from imagelabels.paths import ROOT

PROGRAM = Path("node_modules", "aws-cdk", "bin", "cdk")
# npm writes it last; when it is older than the lock, the lock has changed since.
INSTALLED = Path("node_modules", ".package-lock.json")
QUIET = {"CDK_DISABLE_CLI_TELEMETRY": "true", "NO_UPDATE_NOTIFIER": "1"}


def install() -> None:
    """Install the packages of package-lock.json, unless they are installed; raises UserError when npm fails."""
    lock, installed = ROOT / "package-lock.json", ROOT / INSTALLED
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = [*find_npm(), "ci", "--no-progress"]
    if subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode:  # noqa: S603  # no shell, and our own words
        raise UserError("npm could not install the CDK's command line; its last lines say why.")
    installed.touch()


def find_npm() -> list[str]:
    """Return the command that starts npm: the one beside our Node.js, else the machine's; or raise UserError."""
    node = find_node()
    # A wheel cannot hold symbolic links, so the wheel's bin/npm does not find its library; npm-cli.js does.
    script = Path(node).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.is_file():
        return [node, str(script)]
    npm = shutil.which("npm")
    if not npm:
        raise UserError("npm is missing, and the CDK's command line needs it: install Node.js 22 or 24.")
    return [npm]


def run(*words: str, folder: Path = ROOT / "infra") -> None:
    """Run a command of the CDK in the folder of its app; raises UserError when it fails. It prints on this terminal."""
    install()
    command = [find_node(), str(ROOT / PROGRAM), *words]
    if subprocess.run(command, cwd=folder, env=_environment(), check=False).returncode:  # noqa: S603  # no shell, and our own words
        raise UserError(f"`cdk {words[0]}` did not succeed; its last lines say why.")


def context(settings: dict[str, str]) -> list[str]:
    """Return the options that set the stack's settings, by name."""
    return [word for name, value in settings.items() for word in ("--context", f"{name}={value}")]


def _environment() -> dict[str, str]:
    return {**os.environ, **QUIET, "JSII_NODE": find_node(), "PATH": _path()}


def _path() -> str:
    """Return a PATH on which the programs that npm starts find the same Node.js."""
    return os.pathsep.join([str(Path(find_node()).parent), os.environ.get("PATH", os.defpath)])


if __name__ == "__main__":
    install()
