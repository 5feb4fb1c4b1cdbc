"""The console on a port: until Ctrl-C, or for as long as a block runs."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from imagelabels.console.app import app
from imagelabels.console.web_console import WebConsole
from imagelabels.errors import UserError

LOOPBACK = "127.0.0.1"
GRACEFUL_SECONDS = 0.5


def listen(host: str, port: int) -> socket.socket:
    """Listen on a port, any free one for 0; raises UserError when that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise UserError(f"The console cannot listen on {host}, port {port}: choose another --port.") from error
    return listener


def beside(port: int) -> socket.socket:
    """Listen on the port after that of a local stack; on any free one when it is taken, or the stack's is any."""
    try:
        return listen(LOOPBACK, port + 1 if port else 0)
    except UserError:
        return listen(LOOPBACK, 0)


@contextmanager
def serving(console: WebConsole, listener: socket.socket, host: str = LOOPBACK, password: str = "") -> Iterator[str]:
    """Serve the console from a thread for the block; yield its address."""
    port = listener.getsockname()[1]
    guarded = app(console, host, port, password)
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.graceful_timeout = GRACEFUL_SECONDS
    config.accesslog = config.errorlog = None
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    loop.set_exception_handler(_complain)

    def work() -> None:
        loop.run_until_complete(serve(guarded, config, shutdown_trigger=ended.wait))  # type: ignore[arg-type]  # TypedDicts
        loop.close()

    thread = threading.Thread(target=work, name="console", daemon=True)
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=5)


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what goes wrong; that a page's stream ends with the console is not an error (Python 3.11 says it is)."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)
