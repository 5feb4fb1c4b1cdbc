"""Photos by what they show, and one photo with all that is known of it."""

from starlette.requests import Request
from starlette.responses import Response

from imagelabels.console.pages import page
from imagelabels.console.search_page import found, photo_page
from imagelabels.console.web_console import console_of


def index(request: Request) -> Response:
    """Show the photos that a query finds, or what can be asked for."""
    console = console_of(request)
    return page(
        request, "photos.html", current="photos", result=found(console.source, request.query_params.get("q", ""))
    )


def photo(request: Request) -> Response:
    """Show one photo by its key."""
    console = console_of(request)
    shown = photo_page(console.source, request.query_params.get("key", ""))
    return page(request, "photo.html", current="photos", shown=shown)
