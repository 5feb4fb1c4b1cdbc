"""The inbox of a local run; on AWS the last reports."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from imagelabels.console.inbox import Inbox, Mail
from imagelabels.console.pages import page
from imagelabels.console.reports import reports
from imagelabels.console.security import MAIL_POLICY
from imagelabels.console.web_console import console_of
from imagelabels.errors import UserError

NO_MAIL = "There is no such mail: the mails of an earlier run are gone with it."


def index(request: Request) -> Response:
    """Show the mails, and one of them; or only the list anew, when a mail has come."""
    inbox, name = _inbox(request), request.path_params.get("name")
    if inbox is None and not name:
        return page(request, "reports.html", current="mail", reports=reports(console_of(request).source))
    mails = inbox.mails() if inbox else []
    chosen = _mail(inbox, name) if name else next(iter(mails), None)
    template = "_inbox.html" if "hx-request" in request.headers else "mail.html"
    return page(request, template, current="mail", inbox=mails, chosen=chosen)


def html(request: Request) -> Response:
    """Answer a mail's HTML, for a frame in which nothing of it can run or load."""
    mail = _mail(_inbox(request), request.path_params["name"])
    return HTMLResponse(mail.html, headers={"Content-Security-Policy": MAIL_POLICY})


def _inbox(request: Request) -> Inbox | None:
    return console_of(request).inbox


def _mail(inbox: Inbox | None, name: str) -> Mail:
    if inbox is None:
        raise UserError(NO_MAIL)
    try:
        return inbox.mail(name)
    except KeyError as error:
        raise UserError(NO_MAIL) from error
