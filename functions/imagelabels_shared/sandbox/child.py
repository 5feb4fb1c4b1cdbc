"""The child process: `python -m imagelabels_shared.sandbox.child` reads a request on stdin and answers on stdout.

The request names a module that has a function `work(arguments, photo, result)`. The child imports the module before it
confines itself, because it cannot open files afterwards.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.sandbox.confinement import Bounds, bound, confine

WORDS_CHARACTERS = 400
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
        # The decoder's own words go to the function's log; the photo's owner gets the sentence.
        sys.stderr.write(_words(error))
        return {"rejected": {"error": type(error).__name__, "sentence": str(error)}}


def _words(error: BaseException) -> str:
    """Return what an error and its causes say, the first cause first, and the notes that were added."""
    notes = "".join(f"{note}\n" for note in getattr(error, "__notes__", ()))
    cause = error.__cause__
    said = f"{type(error).__name__}: {error}"[:WORDS_CHARACTERS]
    return (_words(cause) if cause else "") + f"{said.rstrip()}\n{notes}"


if __name__ == "__main__":
    main()
