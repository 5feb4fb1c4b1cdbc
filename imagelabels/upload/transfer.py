"""Files uploaded to the bucket, several at a time; one that cannot be uploaded does not stop the others."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import CancelledError
from s3transfer.manager import TransferManager
from s3transfer.subscribers import BaseSubscriber

from imagelabels.stack.connection import Stack
from imagelabels.upload.content import content_type

# What S3 says of one file. Any other error concerns them all: no rights, no bucket, no network.
OF_ONE_FILE = {"BadDigest", "EntityTooLarge", "InternalError", "InvalidArgument", "KeyTooLongError", "RequestTimeout"}


@dataclass
class Transfer:
    """What became of files: the keys in `done`, errors of single files in `failed`, the error that `stopped` all."""

    done: set[str] = field(default_factory=set)
    failed: dict[Path, Exception] = field(default_factory=dict)
    stopped: Exception | None = None


class _StoppedError(Exception):
    """Leaves the block of the manager, which then cancels the uploads that are left."""


def transfer(stack: Stack, files: dict[str, Path], result: Transfer, advance: Callable[[], None]) -> None:
    """Upload the files by key, and write what becomes of each into `result` when it is known.

    So `result` is true after Ctrl-C, too. `advance` is called after each file.
    """
    with suppress(_StoppedError), TransferManager(stack.client("s3")) as manager:
        futures = [_start(manager, stack.bucket, _Upload(key, file, result, advance)) for key, file in files.items()]
        for future in filter(None, futures):
            # The upload itself has written down why.
            with suppress(Exception):
                future.result()
            if result.stopped:
                raise _StoppedError


class _Upload(BaseSubscriber):
    """One file on its way."""

    def __init__(self, key: str, file: Path, result: Transfer, advance: Callable[[], None]) -> None:
        self.key, self.file, self._result, self._advance = key, file, result, advance

    def on_done(self, future: Any, **_more: Any) -> None:
        """Write down how the upload ended; s3transfer calls it, in one of its threads."""
        try:
            future.result()
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001  # a thread of s3transfer would swallow it
            self.failed(error)
        else:
            self._result.done.add(self.key)
        self._advance()

    def failed(self, error: Exception) -> None:
        """Write down an error as that of this file, or as the one that stops all."""
        if _concerns_all(error):
            self._result.stopped = self._result.stopped or error
        else:
            self._result.failed[self.file] = error


def _start(manager: Any, bucket: str, upload: _Upload) -> Any:
    try:
        kind = content_type(upload.file)
    except OSError as error:
        upload.failed(error)
        return None
    return manager.upload(str(upload.file), bucket, upload.key, {"ContentType": kind}, [upload])


def _concerns_all(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code") not in OF_ONE_FILE
    return isinstance(error, BotoCoreError)
