"""`imagelabels console`."""

import ipaddress
import secrets
import threading
from typing import Annotated

import typer

from imagelabels.commands.target import connect
from imagelabels.terminal.console import note, say

PORT = 4567


def console(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port of the page; 0 takes a free one.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Another address than this machine's own; needs the password that is printed.")
    ] = "127.0.0.1",
    *,
    write: Annotated[
        bool, typer.Option("--write", help="On AWS: let the page upload, run again and send back. Local: always.")
    ] = False,
) -> None:
    """Serve a page on which executions can be watched, understood and run again, until Ctrl-C.

    It shows the local stack when it is up, otherwise the one on AWS, with the credentials of this shell.
    """
    from imagelabels.console.serve import listen, serving  # noqa: PLC0415  # see above
    from imagelabels.console.web_console import WebConsole  # noqa: PLC0415  # needs the console extra; other commands do not

    stack = connect()
    shown = WebConsole(stack, write=write or stack.endpoint is not None)
    password = "" if _loopback(host) else secrets.token_urlsafe(12)
    with serving(shown, listen(host, port), host, password) as address:
        say(f"Console: {address}")
        if password:
            note(f"User name: console, password: {password}. The connection is not encrypted: use a tunnel.")
        note("It can change things." if shown.write else "It only reads; --write lets it change things.")
        threading.Event().wait()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return host == "localhost"
