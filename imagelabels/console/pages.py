"""Pages from templates. Whatever a template shows passes `visible` first, then is escaped."""

import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from imagelabels.console.htmx import FILE_SHA256
from imagelabels.console.web_console import console_of
from imagelabels_shared.text import visible

HERE = Path(__file__).parent
PAGES = (
    ("executions", "/", "Executions"),
    ("photos", "/photos", "Photos"),
    ("mail", "/mail", "Mail"),
    ("operations", "/operations", "Operations"),
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page or a part of one."""
    console = console_of(request)
    common = {
        "console": console,
        "pages": PAGES,
        "token": request.state.token,
        "version": _version(),
        "mails": console.inbox.count() if console.inbox else None,
        "part": "hx-request" in request.headers,
        "query": request.query_params.get("q", ""),
    }
    return HTMLResponse(_environment().get_template(template).render(common | values), status)


@functools.cache
def _version() -> str:
    """Return what changes with the static files, so that a browser never shows old ones with a new page."""
    files = sorted((HERE / "static").iterdir())
    every = [FILE_SHA256.encode(), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"".join(every)).hexdigest()[:12]


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FileSystemLoader(HERE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"clock": clock, "moment": moment, "multiline": multiline}
    return environment


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value


def multiline(text: str) -> Markup:
    """Return text whose line breaks stay, everything else in it as in any other text."""
    return Markup("\n").join(visible(line) for line in text.split("\n"))


def clock(at: datetime) -> str:
    """Return a time of day, at this place."""
    return f"{at.astimezone():%H:%M:%S}"


def moment(at: datetime) -> str:
    """Return a day and a time of day, at this place."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
