"""What `make bench` prints: the tables, and the ratios beside their targets."""

import os
from statistics import median

from tools.bench.cold_starts import Starts
from tools.bench.runs import NULL, NULL_WITH_LOG, PIPELINE, Measured, Series
from tools.bench.table import cells, ratio, table

# The least share of the null pipeline's photos a second, and the most times the floor of a cold start.
LEAST_THROUGHPUT, MOST_COLD_START = 0.85, 1.15
WORKFLOW_HEAD = ("", PIPELINE, NULL, "ratio", NULL_WITH_LOG, "ratio", "share")
START_HEAD = ("cold start", "processor ms", "floor", "ratio", "clock ms", "floor", "ratio")
MS = 1000


def report(measured: Measured, starts: dict[str, Starts], photos: int, rounds: int) -> str:
    throughput = ratio(measured.burst[PIPELINE], measured.burst[NULL])
    slowest = max(starts, key=lambda function: _processor_ratio(starts[function]))
    start = _processor_ratio(starts[slowest])
    fast = _target(f"at least {LEAST_THROUGHPUT}", missed=throughput < LEAST_THROUGHPUT)
    quick = _target(f"at most {MOST_COLD_START}", missed=start > MOST_COLD_START)
    return f"""
{os.cpu_count()} processors; medians of {rounds} rounds.

{workflow_table(measured, photos)}

Throughput: {throughput:.2f} of the null pipeline's, {fast}

{start_table(starts)}

Slowest cold start: {slowest}, {start:.2f} times its floor, {quick}"""


def _target(words: str, *, missed: bool) -> str:
    return f"which {'misses' if missed else 'meets'} the target of {words}"


def workflow_table(measured: Measured, photos: int) -> str:
    """Return the table of the workflow; `share` is a Task's part of the time of one photo."""
    one = median(measured.one[PIPELINE])
    tasks = [
        _row(f"{state}, ms", series, share=f"{median(series[PIPELINE]) / one:.0%}", unit=MS)
        for state, series in measured.steps.items()
    ]
    burst = _row(f"photos a second, {photos} at once", measured.burst, form=".1f")
    return table(WORKFLOW_HEAD, [burst, _row("one photo, ms", measured.one, share="100%", unit=MS), *tasks])


def _row(name: str, series: Series, share: str = "", unit: float = 1, form: str = ".0f") -> list[str]:
    product = series[PIPELINE]
    others = [cell for side in (NULL, NULL_WITH_LOG) for cell in cells(product, series[side], unit, form)]
    return [name, format(unit * median(product), form), *others, share]


def start_table(starts: dict[str, Starts]) -> str:
    rows = []
    for function, (product, floor) in starts.items():
        row = [function]
        for times, others in (
            ([start.processor for start in product], [start.processor for start in floor]),
            ([start.wall for start in product], [start.wall for start in floor]),
        ):
            row += [f"{MS * median(times):.0f}", *cells(times, others, MS)]
        rows.append(row)
    return table(START_HEAD, rows)


def _processor_ratio(starts: Starts) -> float:
    return ratio([start.processor for start in starts.product], [start.processor for start in starts.floor])
