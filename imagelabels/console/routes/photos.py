"""Photos by what they show, and one photo with all that is known of it."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from imagelabels.console.pages import page
from imagelabels.console.search_page import found, newest_execution, photo_page
from imagelabels.console.web_console import console_of
from imagelabels_shared.text import one_line


def index(request: Request) -> Response:
    """Show the photos that a query finds, or what can be asked for."""
    console = console_of(request)
    return page(
        request, "photos.html", current="photos", result=found(console.source, request.query_params.get("q", ""))
    )


def photo(request: Request) -> Response:
    """Show one photo by its key; one that no run was archived of is shown by its newest execution."""
    source, key = console_of(request).source, request.query_params.get("key", "")
    shown = photo_page(source, key)
    if shown is None:
        if name := newest_execution(source, key):
            return RedirectResponse(f"/executions/{quote(name, safe='')}", HTTPStatus.SEE_OTHER)
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no photo {one_line(key)}: no execution was about it.")
    return page(request, "photo.html", current="photos", shown=shown)
