"""The photos of `imagelabels run` as a table: how far each is, in which state, and what was found."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from imagelabels.stack.executions import RUNNING, Execution
from imagelabels.terminal.console import add, cell
from imagelabels.terminal.tables import (
    COLOURS,
    FAILED_COLOUR,
    NAME_CHARACTERS,
    duration,
    labels_or_reason,
    state_or_outcome,
    summary,
)

# The states in which a photo is worked on, in their order; those behind them record how it ended.
STEPS = ("ValidateImage", "NormalizeImage", "DetectLabels", "PersistLabels", "PublishReport")
BAR_CHARACTERS, BAR_CHARACTERS_IF_NARROW = 12, 5
# The columns, and the width of a terminal from which each is shown.
PHOTO, BAR, STATE, TOOK, FOUND = COLUMNS = ("photo", "steps", "state", "took", "labels, or why not")
FROM_WIDTH = {STATE: 60, TOOK: 72}
WAITING = "uploaded"
Row = dict[str, RenderableType]


def steps_table(executions: Iterable[Execution], uploaded: Iterable[str], width: int, most: int) -> Table:
    """Return a row for each execution and for each uploaded photo without one, `most` in all: the newest and running.

    Without a colour the bar shows the steps as well, by its length.
    """
    oldest_first = sorted(executions, key=lambda execution: execution.started)
    started = {execution.key for execution in oldest_first}
    # Sorting keeps the order of what is equal.
    ended_first = sorted(oldest_first, key=lambda execution: execution.outcome == RUNNING)
    bar = BAR_CHARACTERS if width >= FROM_WIDTH[STATE] else BAR_CHARACTERS_IF_NARROW
    rows = [_of_execution(execution, bar) for execution in ended_first]
    rows += [_of_upload(key, bar) for key in uploaded if key not in started]
    columns = [name for name in COLUMNS if width >= FROM_WIDTH.get(name, 0)]
    view = _empty(columns, width, summary(oldest_first))
    for row in rows[max(len(rows) - most, 0) :]:
        add(view, *(row[name] for name in columns))
    return view


def done(execution: Execution) -> int:
    """Return how many steps an execution has behind it: all of them when it has ended, or only records how it did.

    A failed one has those before the state that failed.
    """
    if execution.state in STEPS:
        return STEPS.index(execution.state)
    is_over = execution.outcome != RUNNING or execution.state.startswith(("Record", "Publish"))
    return len(STEPS) if is_over else 0


def _empty(columns: list[str], width: int, counts: str) -> Table:
    view = Table(box=None, pad_edge=False, expand=True, caption=counts, caption_justify="left")
    for name in columns:
        if name == FOUND:
            view.add_column(name, no_wrap=True, overflow="ellipsis", ratio=1)
        else:
            view.add_column(name, no_wrap=True, overflow="ellipsis", max_width=width // 4)
    return view


def _of_execution(execution: Execution, bar: int) -> Row:
    colour = COLOURS.get(execution.outcome, FAILED_COLOUR)
    return {
        PHOTO: cell(execution.key, most=NAME_CHARACTERS),
        BAR: _bar(done(execution), colour, bar),
        STATE: cell(state_or_outcome(execution), colour, NAME_CHARACTERS),
        TOOK: cell(duration(execution)),
        FOUND: cell(labels_or_reason(execution)),
    }


def _of_upload(key: str, bar: int) -> Row:
    nothing = cell("")
    photo, state = cell(key, most=NAME_CHARACTERS), cell(WAITING, "dim")
    return {PHOTO: photo, BAR: _bar(0, "dim", bar), STATE: state, TOOK: nothing, FOUND: nothing}


def _bar(steps: int, colour: str, width: int) -> ProgressBar:
    return ProgressBar(len(STEPS), steps, width=width, complete_style=colour, finished_style=colour)
