"""What the pages of photos show: the answer to a query, labels with their counts, and all of one photo."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import quote

from imagelabels.console.filters import Filter
from imagelabels.console.listing import AT_ONCE
from imagelabels.console.listing import page as listed
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
    """Return what a query finds, the surest photos first; without a query the newest ones."""
    labels_now = cloud(source.label_counts())
    if not query.strip():
        return Result(newest(source), more=False, unknown=[], problem="", cloud=labels_now)
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


def newest(source: Source) -> list[Found]:
    """Return the photos that the newest executions labelled, each once."""
    photos: dict[str, Found] = {}
    for one in listed(source, Filter("labelled")).executions:
        link, picture = f"/photo?key={quote(one.key, safe='')}", quote(name_of(one.arn), safe="")
        photos.setdefault(one.key, Found(one.key, link, picture, labels(one.labels)))
    return list(photos.values())


def cloud(counts: Counter[str]) -> list[CloudLabel]:
    """Return the commonest labels in the order of their names, the size by how common each is."""
    commonest = counts.most_common(MOST_LABELS)
    most = commonest[0][1] if commonest else 1
    return [
        CloudLabel(name, count, 1 + round((SIZES - 1) * (count / most) ** 0.5), quote(name, safe=""))
        for name, count in sorted(commonest, key=lambda one: one[0].casefold())
    ]


def photo_page(source: Source, key: str) -> PhotoPage | None:
    """Return what table and audit trail know of a photo, None for nothing: a run is archived a minute later."""
    image, found_labels = photos.records(source.stack, key)
    runs = source.story(key)
    if image is None and not runs:
        return None
    name = name_of(image["execution"]) if image else name_of(runs[-1].execution)
    return PhotoPage(key, image or {}, found_labels, name, _properties(image or {}), runs)


def newest_execution(source: Source, key: str) -> str:
    """Return the name of the newest execution of a photo among the newest ones, "" when there is none."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(source.glance, source.look().executions))
    return next((name_of(one.arn) for one in found if one.key == key), "")


def _properties(image: dict[str, Any]) -> str:
    found = (colours(image.get("dominant_colors", [])), quality(image.get("quality", {})))
    return " · ".join(words for words in found if words)
