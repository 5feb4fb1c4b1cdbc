"""Imports what the command line imports, and forgets the project's own modules, which read the environment."""

import sys

import imagelabels.cli  # noqa: F401  # for what it imports

OWN = ("imagelabels", "imagelabels_shared", "infra")
for name in [name for name in sys.modules if name.split(".")[0] in OWN]:
    del sys.modules[name]
