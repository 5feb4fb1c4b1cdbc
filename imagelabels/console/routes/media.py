"""Photos as pictures, files to keep, and uploads."""

import json
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import ClientError
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from imagelabels.console.pages import HERE
from imagelabels.console.pictures import LARGE, THUMBNAIL, places
from imagelabels.console.uploads import put
from imagelabels.console.web_console import WebConsole, console_of
from imagelabels.errors import UserError

CHUNK = 1024 * 1024
# The picture of a version never changes; a browser keeps it for as long as somebody looks at a page.
KEPT = {"Cache-Control": "private, max-age=600"}
HARMLESS = {"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}


def thumbnail(request: Request) -> Response:
    return _picture(request, THUMBNAIL)


def picture(request: Request) -> Response:
    return _picture(request, LARGE)


def _picture(request: Request, size: str) -> Response:
    """Answer a picture of an execution's photo, or a sign that there is none."""
    console = console_of(request)
    found = console.pictures.of(_places(console, request.path_params["name"]), size)
    if found:
        return Response(found, media_type="image/jpeg", headers=KEPT)
    return FileResponse(HERE / "static" / "no-picture.svg", media_type="image/svg+xml")


def _places(console: WebConsole, name: str) -> list[dict[str, str]]:
    description = console.source.description(name)
    output: Any = json.loads(description.get("output") or "{}")
    return places(json.loads(description["input"]), output if isinstance(output, dict) else {})


def original(request: Request) -> Response:
    """Answer the file as it was uploaded, to keep and not to show; with `copy` the one that Rekognition saw."""
    console = console_of(request)
    found = _places(console, request.path_params["name"])
    if not found:
        raise UserError("This execution is about no photo.")
    place = found[0 if "copy" in request.query_params else -1]
    try:
        body = console.source.stack.client("s3").get_object(**place)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchVersion"}:
            raise
        raise UserError("The file is gone: copies are kept for a day, deleted photos not at all.") from error
    name = PurePosixPath(place["Key"]).name.encode("ascii", "replace").decode()
    safe = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)[-100:]
    headers = HARMLESS | {"Content-Disposition": f'attachment; filename="{safe}"'}
    return StreamingResponse(body.iter_chunks(CHUNK), headers=headers)


async def upload(request: Request) -> Response:
    """Store a photo under the key that the address names; whatever is no photo is refused at once."""
    console = console_of(request)
    if not console.write:
        return PlainTextResponse("This console only reads: start it with --write.", HTTPStatus.FORBIDDEN)
    try:
        await put(console.source, request.query_params.get("key", ""), request.stream())
    except UserError as error:
        return PlainTextResponse(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def script(request: Request) -> Response:
    return Response(request.app.state.script, media_type="text/javascript")
