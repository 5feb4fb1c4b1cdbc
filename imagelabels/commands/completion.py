"""What a shell completes beside commands and options: keys of photos, and labels, of the stack that is acted on."""

from collections.abc import Callable, Iterable
from itertools import islice

from imagelabels.search.label_index import LabelIndex
from imagelabels.stack.bulk_reads import keys_of
from imagelabels.stack.connection import connect

# As many as a person reads; S3 lists up to a thousand keys in one request.
MOST = 100
# The rows of the index that are read for labels: a second or two on AWS.
MOST_ROWS = 5_000


def keys(incomplete: str) -> list[str]:
    """Return keys of photos that begin so; none when the stack cannot be asked."""
    return _offered(lambda: islice(keys_of(connect(), incomplete), MOST))


def labels(incomplete: str) -> list[str]:
    """Return labels that begin so, in any case; none when the stack cannot be asked.

    The letters that were typed stay: a shell drops what does not begin with them, and commands take labels in any case.
    """
    found = _offered(lambda: islice(LabelIndex(connect().table()).every(), MOST_ROWS))
    begin = incomplete.casefold()
    return sorted({incomplete + label[len(begin) :] for label in found if label.casefold().startswith(begin)})


def _offered(ask: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(ask())
    except Exception:  # noqa: BLE001  # a shell that completes shows no errors
        return []
