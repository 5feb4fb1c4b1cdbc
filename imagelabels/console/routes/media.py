"""Photos as pictures, files to keep, and uploads."""

from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import ClientError
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles

from imagelabels.console.pages import HERE
from imagelabels.console.pictures import LARGE
from imagelabels.console.uploads import put
from imagelabels.console.web_console import console_of
from imagelabels.errors import UserError

CHUNK = 1024 * 1024
# The picture of a version never changes; a browser keeps it for as long as somebody looks at a page.
KEPT = {"Cache-Control": "private, max-age=600"}
NEVER_CHANGES = {"Cache-Control": "private, max-age=31536000, immutable"}
HARMLESS = {"Content-Disposition": "attachment", "Content-Type": "application/octet-stream"}


class Unchanging(StaticFiles):
    """Files that a browser keeps: their addresses have a digest of them."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers.update(NEVER_CHANGES)
        return response


def thumbnail(request: Request) -> Response:
    """Answer a small picture of an execution's photo; word of one that is not drawn yet comes with `/events`."""
    return _picture(console_of(request).thumbnails.get(request.path_params["name"]))


def picture(request: Request) -> Response:
    console = console_of(request)
    return _picture(console.pictures.of(console.places(request.path_params["name"]), LARGE))


def _picture(found: bytes | None) -> Response:
    """Answer a picture, or a sign that there is none."""
    if found:
        return Response(found, media_type="image/jpeg", headers=KEPT)
    return FileResponse(HERE / "static" / "no-picture.svg", media_type="image/svg+xml")


def original(request: Request) -> Response:
    """Answer the file as it was uploaded, to keep and not to show; with `copy` the one that Rekognition saw."""
    console = console_of(request)
    found = console.places(request.path_params["name"])
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
    return Response(request.app.state.script, media_type="text/javascript", headers=NEVER_CHANGES)
