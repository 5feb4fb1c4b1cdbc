"""Every exception as one sentence: what went wrong and what to do, or that it is a bug and where its traceback is."""

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.errors import UserError
from imagelabels.paths import HOME
from imagelabels.terminal.aws_errors import sentence
from imagelabels_shared.text import one_line

LOG = "error.log"
REPORT = "open an issue in the project's repository and attach that file, without what is private in it"


def told(error: Exception) -> str:
    """Return what a person should read of any exception; for an unknown one, write its traceback to a file first."""
    known = _known(error)
    return f"This is a bug: {_kind(error)}. The traceback is in {_logged(error)}: {REPORT}." if known is None else known


def _known(error: BaseException) -> str | None:
    match error:
        case UserError():
            known = str(error)
        case BotoCoreError() | ClientError():
            known = sentence(error)
        case Boto3Error():
            return _known(error.__cause__ or error.__context__ or UserError(str(error)))
        case OSError():
            known = _of_the_machine(error)
        case MemoryError():
            known = "The memory of this machine does not suffice."
        case ValueError() if _is_botocores(error):
            known = (
                f"The AWS settings of this shell cannot be used: {one_line(str(error))}: "
                "check AWS_ENDPOINT_URL, AWS_MAX_ATTEMPTS and the other AWS_ variables, and ~/.aws/config."
            )
        case _:
            return None
    return known


def _of_the_machine(error: OSError) -> str:
    """Return an error of files or sockets in the operating system's words, with the file if it names one."""
    why = error.strerror or str(error) or type(error).__name__
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    return f"{one_line(' -> '.join(names))}: {why}." if names else f"{why}."


def _is_botocores(error: BaseException) -> bool:
    """Tell whether botocore raised an error: it does not wrap what a setting's conversion raises."""
    *_outer, (frame, _number) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__", "")).startswith("botocore.")


def _kind(error: BaseException) -> str:
    return one_line(f"{type(error).__name__}: {error}".strip(": "))


def _logged(error: BaseException) -> Path:
    """Write the traceback with what a maintainer asks for first; return the file."""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} imagelabels {version('imagelabels')}, command {sys.argv[1:2]}",
        f"Python {platform.python_version()}, {platform.platform()}, {sys.stdout.encoding}",
        *traceback.format_exception(error),
    ]
    text = "\n".join(lines).encode(errors="backslashreplace")
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        (HOME / LOG).write_bytes(text)
    except OSError:
        number, name = tempfile.mkstemp(prefix="imagelabels-", suffix=".log")
        with os.fdopen(number, "wb") as file:
            file.write(text)
        return Path(name)
    return HOME / LOG
