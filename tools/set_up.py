"""Make the virtual environment from the lock files, once: `make` calls it, and two at once wait for each other.

It runs on the machine's own Python before anything is installed, so it imports the standard library only.
"""

import fcntl
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
LOCK = "requirements.txt"
SOURCES = (LOCK, "requirements-uv.txt", "pyproject.toml")


def main(folder: str) -> None:
    """Make the environment in `folder`, unless another process has just made it."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Set PYTHON=.")
    # Closing the file releases the lock.
    with Path(LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = Path(folder, ".ready")
        if not _is_newer(ready):
            _make(folder)
            ready.touch()


def _is_newer(ready: Path) -> bool:
    return ready.exists() and all(ready.stat().st_mtime >= Path(source).stat().st_mtime for source in SOURCES)


def _make(folder: str) -> None:
    python, uv = str(Path(folder, "bin", "python")), str(Path(folder, "bin", "uv"))
    print(f"Setting up {folder} from the lock (once) ...", flush=True)  # noqa: T201  # what make does
    _run(sys.executable, "-m", "venv", "--clear", folder)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "-r", "requirements-uv.txt")
    _run(uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", LOCK, "requirements-uv.txt")
    own = ("--no-deps", "--no-build-isolation", "--editable", ".")
    _run(uv, "pip", "install", "--quiet", "--python", python, *own)


def _run(*command: str) -> None:
    code = subprocess.run(command, check=False).returncode  # noqa: S603  # our own words
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
