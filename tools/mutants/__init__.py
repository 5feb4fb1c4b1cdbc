"""Faults put into the code, one at a time, to see whether a test notices: `make mutants`.

- `python_mutants`: faults of a Python file
- `definition_mutants`: faults of the state machine's definition
- `covering`: the tests that execute a line
- `warm_process`: pytest that has collected all tests, and runs some for each mutant of a function
- `patched`: functions that are imported already with the code of a mutant
- `pytest_process`: pytest in a process that has the libraries already, for the other mutants
- `run`: a sample in copies of the checkout, and what survived
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A file with one fault. `name` says what is changed where, without line numbers, so that it survives edits."""

    file: str
    line: int
    name: str
    text: str
