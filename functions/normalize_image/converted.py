from typing import NamedTuple


class Converted(NamedTuple):
    """The sides of the original and of the copy in pixels, and what was done, for its owner to read."""

    original: tuple[int, int]
    copy: tuple[int, int]
    did: list[str]
