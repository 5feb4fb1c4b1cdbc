"""The sandbox in a Lambda function: the decoder's log and the limits that could not be set go to the function's log."""

import functools
from typing import Any, BinaryIO

from imagelabels_shared.observability import logger
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.parent import run


def sandboxed(module: str, arguments: Any, *, photo: BinaryIO, result: BinaryIO, bounds: Bounds) -> Any:
    """Return what `module.work` returned. Raises what `imagelabels_shared.sandbox.parent.Ended.result` raises."""
    ended = run(module, arguments, photo=photo, result=result, bounds=bounds)
    logger().append_keys(decoder=ended.log)
    if ended.refused:
        _warn(tuple(ended.refused))
    return ended.result()


@functools.cache
def _warn(refused: tuple[str, ...]) -> None:
    """Log the warning once per process instead of once per photo."""
    logger().warning("The sandbox lacks limits that this system does not allow", refused=refused)
