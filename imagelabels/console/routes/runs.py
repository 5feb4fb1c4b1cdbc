"""Running photos again: the question with count and cost, and the start."""

from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from imagelabels.console import again, matching
from imagelabels.console.filters import Filter
from imagelabels.console.pages import page
from imagelabels.console.rows import name_of
from imagelabels.console.web_console import WebConsole, console_of
from imagelabels.errors import UserError


def dialog(request: Request) -> Response:
    """Ask whether to start; nothing is started yet. With `matching`, the address's filter chooses."""
    if "matching" not in request.query_params:
        return _dialog(request, request.query_params.getlist("name"))
    source, wanted = console_of(request).source, Filter.parse(request.query_params)
    found = matching.matching(source, wanted)
    command = matching.command(wanted, again.plan(source, found.names).executions)
    return _dialog(request, found.names, found=found, command=command)


def _dialog(request: Request, names: list[str], **more: Any) -> Response:
    plan = again.plan(console_of(request).source, names)
    values = {"edited": "", "refused": "", "found": None, "command": ""} | more
    template = "_again.html" if "hx-request" in request.headers else "again.html"
    return page(request, template, current="executions", plan=plan, names=names, **values)


async def start(request: Request) -> Response:
    """Start the executions, then show them."""
    form = parse_qs((await request.body()).decode(), keep_blank_values=True)
    return await run_in_threadpool(_start, request, form)


def _start(request: Request, form: dict[str, list[str]]) -> Response:
    console, names = require_write(request), form.get("name", [])
    edited = form.get("input", [""])[0]
    try:
        started = again.start(console.source, names, edited)
    except UserError as error:
        return _dialog(request, names, edited=edited, refused=str(error))
    target = f"/executions/{name_of(started[0])}" if len(started) == 1 else "/"
    return Response(headers={"HX-Redirect": target})


def redrive(request: Request) -> Response:
    """Let an execution go on from the state in which it ended."""
    console, name = require_write(request), request.path_params["name"]
    console.source.redrive(name)
    return Response(headers={"HX-Redirect": f"/executions/{name}"})


def require_write(request: Request) -> WebConsole:
    """Return the console if it may change anything; raises UserError otherwise."""
    console = console_of(request)
    if not console.write:
        raise UserError("This console only reads: start it with `imagelabels console --write`.")
    return console
