"""The console's addresses. A route reads the request, calls one function and renders one template."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from imagelabels.console.htmx import htmx
from imagelabels.console.pages import HERE, page
from imagelabels.console.routes import executions, mail, media, operations, photos, runs
from imagelabels.console.security import Guard
from imagelabels.console.web_console import WebConsole
from imagelabels.errors import UserError
from imagelabels.terminal.aws_errors import sentence

ROUTES = [
    Route("/", executions.index),
    Route("/list", executions.rows),
    Route("/older", executions.older),
    Route("/executions/{name}", executions.execution),
    Route("/events", executions.events),
    Route("/thumbnail/{name}", media.thumbnail),
    Route("/picture/{name}", media.picture),
    Route("/original/{name}", media.original),
    Route("/upload", media.upload, methods=["PUT"]),
    Route("/again", runs.dialog),
    Route("/again", runs.start, methods=["POST"]),
    Route("/redrive/{name}", runs.redrive, methods=["POST"]),
    Route("/photos", photos.index),
    Route("/photo", photos.photo),
    Route("/mail", mail.index),
    Route("/mail/{name}", mail.index),
    Route("/mail/{name}/html", mail.html),
    Route("/operations", operations.index),
    Route("/operations/doctor", operations.doctor, methods=["POST"]),
    Route("/operations/pace", operations.pace_now),
    Route("/operations/reconcile", operations.reconciled),
    Route("/operations/reconcile", operations.mend, methods=["POST"]),
    Route("/operations/dead-letters/{name}", operations.send_back, methods=["POST"]),
    Route("/static/htmx.js", media.script),
    Mount("/static", media.Unchanging(directory=HERE / "static")),
]


def app(console: WebConsole, host: str, port: int, password: str = "") -> Guard:
    """Return the console as an ASGI app; raises what `htmx` raises."""
    script = htmx()
    told = {UserError: _user_error, ClientError: _aws_error, BotoCoreError: _aws_error, HTTPException: _http_error}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        console.close()

    starlette = Starlette(routes=ROUTES, exception_handlers=told, lifespan=lifespan)  # type: ignore[arg-type]  # each takes its own error
    starlette.state.console, starlette.state.script = console, script
    return Guard(starlette, host, port, password)


def _user_error(request: Request, error: UserError) -> Response:
    return page(request, "error.html", status=400, said=str(error))


def _aws_error(request: Request, error: BotoCoreError | ClientError) -> Response:
    return page(request, "error.html", status=502, said=sentence(error))


def _http_error(request: Request, error: HTTPException) -> Response:
    return page(request, "error.html", status=error.status_code, said=error.detail)
