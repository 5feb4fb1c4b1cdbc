"""The list of executions, one execution, and word of what moves."""

import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from imagelabels.console.execution_page import Known, execution_page
from imagelabels.console.filters import PERIODS, Filter
from imagelabels.console.listing import AT_ONCE
from imagelabels.console.listing import page as listed
from imagelabels.console.overview import NOTHING_YET, Overview, overview
from imagelabels.console.pages import page
from imagelabels.console.rows import name_of, row
from imagelabels.console.web_console import WebConsole, console_of
from imagelabels.detection import files
from imagelabels.errors import UserError
from imagelabels_shared.report.links import execution_link


def index(request: Request) -> Response:
    """Show the list, in the address's filters."""
    wanted = Filter.parse(request.query_params)
    return page(request, "executions.html", current="executions", **_list(request, wanted), selected="")


def rows(request: Request) -> Response:
    """Answer the first part of the list anew: what a page asks for when something moved."""
    console, given = console_of(request), request.query_params
    wanted, through = Filter.parse(given), given.get("through", "")
    shown = overview(console.source, wanted, through=through)
    if through:
        # What the next page shows at once; of this nothing has to be asked again.
        console.lists.anew(wanted, partial(overview, console.source, wanted))
    values = _shown(request, shown, wanted) | {"selected": given.get("selected", ""), "first": not through}
    return page(request, "_list.html", **values)


def older(request: Request) -> Response:
    """Answer the part of the list behind a place in it."""
    wanted = Filter.parse(request.query_params)
    found = listed(console_of(request).source, wanted, request.query_params.get("cursor", ""))
    return page(
        request,
        "_older.html",
        rows=[row(one) for one in found.executions],
        more=found.more,
        wanted=wanted,
        drawn=console_of(request).thumbnails,
    )


def _list(request: Request, wanted: Filter) -> dict[str, Any]:
    """Return what is known of the list; a place further down in it is looked at."""
    console, cursor = console_of(request), request.query_params.get("cursor", "")

    def look() -> Overview:
        # Whoever reads without JavaScript hears of nothing later.
        console.source.forget_lists(wanted.statuses)
        return overview(console.source, wanted, cursor)

    return _shown(request, look() if cursor else console.lists.get(wanted, look), wanted)


def _shown(request: Request, found: Overview | None, wanted: Filter) -> dict[str, Any]:
    given = request.query_params
    shown = found or NOTHING_YET
    return {
        "rows": [row(one) for one in shown.page.executions],
        "more": shown.page.more,
        "looked": shown.page.looked,
        "looking": found is None,
        "through": given.get("through") or (name_of(shown.page.executions[-1].arn) if shown.page.executions else ""),
        "older": bool(given.get("cursor")),
        "wanted": wanted,
        "periods": PERIODS,
        "failing": shown.failing,
        "tally": shown.tally,
        "drawn": console_of(request).thumbnails,
        # The link to older ones came with the page, unless there was nothing to show yet.
        "first": False,
    }


def execution(request: Request) -> Response:
    """Show one execution; `state` and `tab` say what of it is looked at."""
    console, name, given = console_of(request), request.path_params["name"], request.query_params
    source, arn = console.source, console.source.arn(name)
    description = source.description(name)
    part = "hx-request" in request.headers and given.get("part")
    with ThreadPoolExecutor(AT_ONCE) as threads:
        # The address's `state` is the one that is looked at, and no filter.
        beside = None if part else threads.submit(_list, request, Filter())
        one, history = threads.submit(source.execution, arn), threads.submit(source.history, name)
        answer, definition = threads.submit(_answer, console, description), threads.submit(source.definition)
        runs = threads.submit(source.story, one.result().key)
    mails = console.inbox.about(name) if console.inbox else []
    known = Known(
        one.result(),
        description,
        history.result(),
        definition.result(),
        answer.result(),
        mails[0].recipient if mails else "",
        partial(console.logs.read, arn),
    )
    shown = execution_page(known, given.get("state", ""), given.get("tab", ""))
    values = {
        "shown": shown,
        "mail": mails[0] if mails else None,
        "runs": runs.result(),
        "aws": "" if console.local else execution_link(arn),
        "selected": name,
    }
    if beside is None:
        return page(request, "_execution.html", **values)
    return page(request, "execution.html", current="executions", **(beside.result() | values))


def _answer(console: WebConsole, description: dict[str, Any]) -> dict[str, Any] | None:
    """Return Rekognition's whole answer while it is kept, which is a day."""
    try:
        return files.answer(console.source.stack, json.loads(description.get("output") or "null"))
    except UserError:
        return None


async def events(request: Request) -> Response:
    """Send the names of what moved, as server-sent events, as long as the page is open."""
    console = console_of(request)

    async def told() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        async for names in console.watch.moves(request.query_params.get("name", "")):
            yield f"data: {json.dumps(names)}\n\n" if names else ": alive\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")
