"""The command on a terminal of a given width, as a person sees it."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

ROWS = 50


def on_terminal(words: list[str], columns: int, typed: str = "", **variables: str) -> str:
    """Run a program on a terminal of this width, with what a person types; return all that is seen there."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}} | variables
    with subprocess.Popen(words, stdin=its, stdout=its, stderr=its, env=environment) as program:  # noqa: S603  # ours
        os.close(its)
        os.write(ours, typed.encode())
        shown = b"".join(iter(lambda: _read(ours), b""))
        program.wait(60)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        # Linux's answer when the program has closed the terminal.
        return b""
