"""What the pages of photos show: the answer to a query, labels with their counts, and all of one photo."""

from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import quote

from imagelabels.console.rows import labels, name_of
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun
from imagelabels.search.evaluation import Search
from imagelabels.search.label_index import LabelIndex
from imagelabels.search.query import parse
from imagelabels.stack import photos
from imagelabels_shared.report.words import colours, quality

MOST_PHOTOS = 100
MOST_LABELS = 60
# The sizes of a label in the cloud, the rarest first.
SIZES = 5


class Found(NamedTuple):
    """A photo that a query found."""

    key: str
    link: str
    picture: str
    labels: str


class CloudLabel(NamedTuple):
    """A label, how many photos have it, and how large it is written, from 1 to SIZES."""

    name: str
    photos: int
    size: int
    query: str


class Result(NamedTuple):
    """`problem` is why there is no answer, "" when there is one; `cloud` are the commonest labels."""

    photos: list[Found]
    more: bool
    unknown: list[str]
    problem: str
    cloud: list[CloudLabel]


class PhotoPage(NamedTuple):
    """One photo: its execution's name, table items, colours and quality in words ("" for none), and story."""

    key: str
    image: dict[str, Any]
    labels: list[dict[str, Any]]
    name: str
    properties: str
    runs: list[ArchivedRun]


def found(source: Source, query: str) -> Result:
    """Return what a query finds, the surest photos first; without a query only the cloud."""
    labels_now = cloud(source.label_counts())
    if not query.strip():
        return Result([], more=False, unknown=[], problem="", cloud=labels_now)
    search = Search(LabelIndex(source.table()))
    try:
        hits = search.best(parse(query), MOST_PHOTOS + 1)
    except UserError as error:
        return Result([], more=False, unknown=[], problem=str(error), cloud=labels_now)
    executions = source.labelled_by([hit.key for hit in hits])
    photos = [
        Found(
            key=hit.key,
            link=f"/photo?key={quote(hit.key, safe='')}",
            picture=quote(name_of(executions.get(hit.key, "")), safe=""),
            labels=labels(hit.named),
        )
        for hit in hits[:MOST_PHOTOS]
    ]
    return Result(photos, len(hits) > MOST_PHOTOS, search.unknown, "", labels_now)


def cloud(counts: Counter[str]) -> list[CloudLabel]:
    """Return the commonest labels in the order of their names, the size by how common each is."""
    commonest = counts.most_common(MOST_LABELS)
    most = commonest[0][1] if commonest else 1
    return [
        CloudLabel(name, count, 1 + round((SIZES - 1) * (count / most) ** 0.5), quote(name, safe=""))
        for name, count in sorted(commonest, key=lambda one: one[0].casefold())
    ]


def photo_page(source: Source, key: str) -> PhotoPage:
    """Return what is known of a photo; raises UserError when nothing is."""
    image, found_labels = photos.records(source.stack, key)
    runs = source.story(key)
    if image is None and not runs:
        raise UserError("Nothing is known of this photo yet; a new one takes a few seconds, its story a minute.")
    name = name_of(image["execution"]) if image else name_of(runs[-1].execution)
    return PhotoPage(key, image or {}, found_labels, name, _properties(image or {}), runs)


def _properties(image: dict[str, Any]) -> str:
    found = (colours(image.get("dominant_colors", [])), quality(image.get("quality", {})))
    return " · ".join(words for words in found if words)
