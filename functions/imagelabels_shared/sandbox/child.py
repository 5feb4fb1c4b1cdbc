"""The child's side: `python -m imagelabels_shared.sandbox.child`, with a request on stdin and the answer on stdout.

The module that is asked for has a function `work(arguments, photo, result)`. It is imported first, with all that it
needs, because nothing can be opened later.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.sandbox.confinement import Bounds, bound, confine

Work = Callable[[Any, BinaryIO, BinaryIO], Any]


def main() -> None:
    request = json.load(sys.stdin)
    sys.stdin.close()
    refused = bound(Bounds(*request["bounds"]))
    work: Work = importlib.import_module(request["module"]).work
    with os.fdopen(request["photo"], "rb") as photo, os.fdopen(request["result"], "r+b") as result:
        refused += confine()
        answer = _answer(work, request["arguments"], photo, result)
    sys.stdout.write(json.dumps(answer | {"refused": refused}))


def _answer(work: Work, arguments: Any, photo: BinaryIO, result: BinaryIO) -> dict[str, Any]:
    try:
        return {"done": work(arguments, photo, result)}
    except REJECTIONS as error:
        # What the decoder itself said is for the operator's log, not for the photo's owner.
        sys.stderr.write(f"{error.__cause__!r}\n")
        return {"rejected": {"error": type(error).__name__, "sentence": str(error)}}


if __name__ == "__main__":
    main()
