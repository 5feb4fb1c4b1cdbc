"""Operations: dead letters, rate and backfill, what does not agree, and the doctor's checks."""

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from imagelabels.console import mending, operations_page
from imagelabels.console.pace import pace
from imagelabels.console.pages import page
from imagelabels.console.routes.runs import require_write
from imagelabels.console.web_console import console_of


def index(request: Request) -> Response:
    """Show the dead letters; the checks wait to be asked for."""
    console = console_of(request)
    return page(request, "operations.html", current="operations", letters=operations_page.dead_letters(console.source))


def send_back(request: Request) -> Response:
    """Send a dead letter to where it was going."""
    console = require_write(request)
    operations_page.send_back(console.source, request.path_params["name"])
    return page(request, "_dead_letters.html", letters=operations_page.dead_letters(console.source))


def doctor(request: Request) -> Response:
    """Check the stack; with `photo` a test photo goes through it, which writes and costs."""
    console = console_of(request)
    photo = "photo" in request.query_params
    if photo:
        require_write(request)
    return page(request, "_findings.html", findings=operations_page.doctor(console.source, photo=photo))


def reconciled(request: Request) -> Response:
    """Compare bucket, table and executions, and say what mending does; nothing is changed."""
    return page(request, "_comparison.html", comparison=mending.compared(console_of(request).source))


async def mend(request: Request) -> Response:
    """Fix what the page showed and the reader chose to fix."""
    form = parse_qs((await request.body()).decode())
    return await run_in_threadpool(_mend, request, form.get("finding", []))


def _mend(request: Request, ids: list[str]) -> Response:
    console = require_write(request)
    return page(request, "_findings.html", findings=mending.mend(console.source, ids))


def pace_now(request: Request) -> Response:
    """Show the rate in force, and how far the newest backfill is."""
    template = "_pace.html" if "hx-request" in request.headers else "pace.html"
    return page(request, template, current="operations", pace=pace(console_of(request).source))
