"""htmx, the one script that is not ours, from the package that brings it."""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from imagelabels.errors import UserError

# Of dist/htmx.min.js in the npm package htmx.org 2.0.3, which its makers publish.
FILE_SHA256 = "491955cd1810747d7d7b9ccb936400afb760e06d25d53e4572b64b6563b2784e"


def htmx() -> bytes:
    """Return the script; raises UserError when it is not installed, or not the one that its makers published."""
    package = find_spec("js_lib_htmx")
    if package is None or package.origin is None:
        raise UserError("The console is not installed: pip install 'imagelabels[console]'.")
    script = (Path(package.origin).parent / "static" / "htmx" / "htmx.min.js").read_bytes()
    if sha256(script).hexdigest() != FILE_SHA256:
        raise UserError("The package django-js-lib-htmx is not the one that the console was made with.")
    return script
