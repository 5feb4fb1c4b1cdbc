"""What `imagelabels run` shows: a line for each change, or on a terminal one table that stays."""

import time
from collections.abc import Iterable
from email.message import Message
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner

from imagelabels.stack.executions import Execution
from imagelabels.terminal import tables
from imagelabels.terminal.console import cell
from imagelabels.terminal.steps_table import steps_table

REDRAWS_A_SECOND = 8
LEAST_SECONDS = 0.1
# Beside the rows of the table there are its heading, its summary, what to do next, and a line of a mail.
OTHER_LINES = 10
# What a person types once in each shell of a checkout.
PATH = 'export PATH="$PWD/.venv/bin:$PATH"'
COMMAND = "imagelabels"


class Lines:
    """Prints the steps of the start, the photos and their mails, the whole of these, as lines for a file or a log.

    It is used in a `with` block.
    """

    def __init__(self, console: Console) -> None:
        self.console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.step("")

    def step(self, line: str) -> None:
        """Say what is being done from now on; "" when it is done."""
        if line:
            self.note(line)

    def note(self, line: str) -> None:
        self.console.print(line, style="dim", markup=False, highlight=False)

    def fact(self, line: str) -> None:
        """Print a line that a person copies: it is not wrapped."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def uploaded(self, key: str) -> None:
        """Take note of a photo that has no execution yet."""

    def executions(self, changed: Iterable[Execution], every: Iterable[Execution]) -> None:  # noqa: ARG002  # for Screen
        """Show how far the photos are."""
        for execution in changed:
            self.fact(tables.line(execution))

    def mail(self, message: Message) -> None:
        tables.mail(self.console, message)

    def stays_up(self, page: str) -> None:
        """Say what a person can do next; `page` is the address of the console."""
        self.note("\nStill up; Ctrl-C stops it all. In another terminal, in the same folder:")
        self.fact(PATH)
        self.fact(f"{COMMAND} --help")
        self.fact(f"Console: {page}")


class Screen(Lines):
    """Redraws one table of the photos, below the lines of the start and the subjects of the mails, or whole mails."""

    def __init__(self, console: Console, *, whole_mails: bool) -> None:
        super().__init__(console)
        self._whole_mails = whole_mails
        self._live = Live(console=console, refresh_per_second=REDRAWS_A_SECOND)
        self._step, self._began = "", time.monotonic()
        self._uploaded: list[str] = []
        self._executions: list[Execution] = []
        self._next: list[RenderableType] = []

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._live.stop()

    def step(self, line: str) -> None:
        now = time.monotonic()
        if self._step:
            # A step that another one goes on with has no time of its own.
            took = f": {now - self._began:.1f} s" if now - self._began >= LEAST_SECONDS else ""
            self.note(self._step.removesuffix(" ...") + took)
        self._step, self._began = line, now
        self._draw()

    def uploaded(self, key: str) -> None:
        self._uploaded.append(key)
        self._draw()

    def executions(self, changed: Iterable[Execution], every: Iterable[Execution]) -> None:  # noqa: ARG002  # for Lines
        self._executions = list(every)
        self._draw()

    def mail(self, message: Message) -> None:
        if self._whole_mails:
            super().mail(message)
        else:
            self.console.print(cell(f"mail: {message['Subject']}"), no_wrap=True, overflow="ellipsis")

    def stays_up(self, page: str) -> None:
        what = {
            "Look at each step": page,
            "In a new terminal": PATH,
            "Upload a photo": f"{COMMAND} upload beach.jpg",
            "Search by label": f"{COMMAND} search person",
            "Stop it all": "Ctrl-C",
        }
        width = max(map(len, what)) + 1
        self._next = ["", *(cell(f"{words + ':':<{width}} {how}") for words, how in what.items())]
        self._draw()

    def _draw(self) -> None:
        parts: list[RenderableType] = []
        if self._uploaded:
            most = max(self.console.height - OTHER_LINES, 1)
            parts.append(steps_table(self._executions, self._uploaded, self.console.width, most))
        parts += self._next
        if self._step:
            parts.append(Spinner("line", cell(self._step, "dim")))
        self._live.update(Group(*parts))


def view_on(console: Console, *, whole_mails: bool) -> Lines:
    """Return the view for a console: a screen for a terminal, lines for anything else."""
    return Screen(console, whole_mails=whole_mails) if console.is_terminal else Lines(console)
