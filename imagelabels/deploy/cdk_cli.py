"""The CDK command line: pinned in package.json, installed on first use, run with the Node.js that is there."""

import os
import shutil
import subprocess
from pathlib import Path

from imagelabels.deploy.node import find_node
from imagelabels.errors import UserError
from imagelabels.paths import ROOT

PROGRAM = Path("node_modules", "aws-cdk", "bin", "cdk")
# Written by npm when it is done; older than the lock means that the lock has changed.
INSTALLED = Path("node_modules", ".package-lock.json")
QUIET = {"CDK_DISABLE_CLI_TELEMETRY": "true", "NO_UPDATE_NOTIFIER": "1"}


def install() -> None:
    """Install what package-lock.json locks, unless it is there; raises UserError when npm cannot."""
    lock, installed = ROOT / "package-lock.json", ROOT / INSTALLED
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    command = [*find_npm(), "ci", "--no-progress"]
    if subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode:  # noqa: S603  # no shell, our words
        raise UserError("npm could not install the CDK's command line; its last lines say why.")
    installed.touch()


def find_npm() -> list[str]:
    """Return the words that start npm: beside the Node.js that we found, else the machine's; or raise UserError."""
    node = find_node()
    # A wheel has no links, so its bin/npm does not find its own library; the script behind it does.
    script = Path(node).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.is_file():
        return [node, str(script)]
    npm = shutil.which("npm")
    if not npm:
        raise UserError("npm is missing, and the CDK's command line needs it: install Node.js 22 or 24.")
    return [npm]


def run(*words: str, folder: Path = ROOT / "infra") -> None:
    """Run a command of the CDK in its app's folder, output on this terminal; raises UserError when it fails."""
    install()
    command = [find_node(), str(ROOT / PROGRAM), *words]
    if subprocess.run(command, cwd=folder, env=_environment(), check=False).returncode:  # noqa: S603  # no shell, our words
        raise UserError(f"`cdk {words[0]}` did not succeed; its last lines say why.")


def _environment() -> dict[str, str]:
    return {**os.environ, **QUIET, "JSII_NODE": find_node(), "PATH": _path()}


def _path() -> str:
    """Let what npm starts find the same Node.js that we found."""
    return os.pathsep.join([str(Path(find_node()).parent), os.environ.get("PATH", os.defpath)])


if __name__ == "__main__":
    install()
