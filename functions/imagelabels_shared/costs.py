"""What a photo and a month cost on AWS, in parts: how much of each price in `imagelabels_shared.prices` they need.

Tests compare the counts with the definition and the template. What only AWS could measure is an estimate, and says so.
"""

from dataclasses import dataclass

from imagelabels_shared import prices
from imagelabels_shared.prices import Price

# Of an execution that ends LABELLED: one transition for the start and one for each state; a retry adds one.
TRANSITIONS = 9
TRANSITIONS_WITH_NORMALIZING = 10
# A photo that comes alone finds that nobody waits, and takes its turn.
TURN_WRITES = 2
# The labels of a photo in docs/costs.md and for `imagelabels reprocess`.
LABELS = 20
# Colours and quality of a photo in the index: four of its colours, and the two words for quality.
PROPERTIES = 6
# What the template has; tests count.
ALARM_METRICS, KEYS, POLLED_QUEUES, METRICS = 16, 1, 4, 5
HOURS_A_MONTH = 730
# Lambda polls a queue with five long polls of 20 seconds each (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html).
POLLS_A_MONTH = 5 * 3 * 60 * 24 * 30


@dataclass(frozen=True)
class Part:
    """One line of a bill; `uses` are prices with the amount of their units, `what` is in words for docs/costs.md."""

    name: str
    what: str
    uses: tuple[tuple[Price, float], ...]

    @property
    def usd(self) -> float:
        """US dollars."""
        return sum(price.each * amount for price, amount in self.uses)


def of_photo(labels: int = LABELS, *, normalized: bool = False, image_properties: bool = False) -> list[Part]:
    """Return the parts of labelling one photo that has so many labels, without retries and without storage.

    With `image_properties`, colours and quality are asked for, too.
    """
    transitions = TRANSITIONS_WITH_NORMALIZING if normalized else TRANSITIONS
    return [
        of_rekognition(image_properties=image_properties),
        Part(
            "Step Functions",
            f"{transitions} state transitions each: the start, and each state",
            ((prices.STATE_TRANSITION, transitions),),
        ),
        _table(labels, PROPERTIES if image_properties else 0),
        _functions(normalized=normalized),
        Part(
            "SNS", "two publications and one mail each; digests share a mail", ((prices.PUBLISH, 2), (prices.MAIL, 1))
        ),
        _objects(normalized=normalized),
        Part(
            "CloudWatch Logs",
            "about 20 KB each: the workflow's log at level ALL without data, and the functions' logs",
            ((prices.LOG_GB, 20_000 / 1e9),),
        ),
        Part("X-Ray", "at most one trace each", ((prices.TRACE, 1),)),
        Part("SQS", "report and audit record: sent, received, deleted", ((prices.QUEUE_REQUEST, 6),)),
        Part("EventBridge", "one event each", ((prices.EVENT, 1),)),
    ]


def of_rekognition(*, image_properties: bool = False) -> Part:
    """Return what one photo costs at Rekognition: two features of one call are two prices."""
    labels, properties = (prices.DETECT_LABELS, 1), (prices.IMAGE_PROPERTIES, 1)
    if image_properties:
        return Part("Rekognition", "one DetectLabels each, for labels and image properties", (labels, properties))
    return Part("Rekognition", "one DetectLabels each", (labels,))


def table_units(labels: int, properties: int = 0) -> tuple[int, int]:
    """Return the write units and the read units of a photo with so many labels, and rows of colours and quality."""
    # A transaction writes an item of up to 1 KB for two units; the index, the claim and the run are plain writes.
    items = labels + properties
    return 2 * (1 + items) + items + 2 + 1 + 1 + TURN_WRITES, 2


def _table(labels: int, properties: int) -> Part:
    writes, reads = table_units(labels, properties)
    more = f", {properties} colours and qualities" if properties else ""
    what = f"the photo and {labels} labels{more} in a transaction, the index, claim, turn and run"
    return Part(
        "DynamoDB",
        f"{writes} write units each: {what}",
        ((prices.WRITE_REQUEST_UNIT, writes), (prices.READ_REQUEST_UNIT, reads)),
    )


def _functions(*, normalized: bool) -> Part:
    """Return an estimate: 512 MB for 1.8 seconds in all, and 3,008 MB for 2.5 seconds for a conversion."""
    seconds = 0.5 * 1.8 + (2.94 * 2.5 if normalized else 0)
    what = "four steps, the mail and the archive: about 1.8 seconds of 512 MB together"
    more = ", and the conversion: about 2.5 seconds of 3,008 MB" if normalized else ""
    return Part(
        "Lambda", what + more, ((prices.FUNCTION_GB_SECOND, seconds), (prices.FUNCTION_REQUEST, 6 + normalized))
    )


def _objects(*, normalized: bool) -> Part:
    what = "the upload, Rekognition's answer" + (", the copy" if normalized else "") + ", and six reads"
    return Part("S3", what, ((prices.S3_WRITE, 2 + normalized), (prices.S3_READ, 6)))


def of_month() -> list[Part]:
    """Return the parts of a month in which no photo comes, without custom metrics."""
    polls = POLLED_QUEUES * POLLS_A_MONTH
    return [
        Part("alarms", f"{ALARM_METRICS} metrics of alarms", ((prices.ALARM, ALARM_METRICS),)),
        Part(
            "polling the queues",
            f"{polls / 1e6:.1f} million requests of Lambda to {POLLED_QUEUES} empty queues; a million is free",
            ((prices.QUEUE_REQUEST, polls),),
        ),
        Part("KMS key", "the key of the operators' topic", ((prices.KEY, KEYS),)),
    ]


def of_metrics() -> Part:
    """Return what the custom metrics cost in a month in which photos come in every hour."""
    return Part("custom metrics", f"{METRICS} metrics of the functions", ((prices.METRIC, METRICS),))


def of_custom_labels() -> Part:
    """Return what a Custom Labels model costs that runs all month; photos cost nothing more."""
    hours = f"one inference unit that runs all month: {HOURS_A_MONTH} hours"
    return Part("Custom Labels model", hours, ((prices.CUSTOM_LABELS, HOURS_A_MONTH),))


def total(parts: list[Part]) -> float:
    """Return the sum in US dollars."""
    return sum(part.usd for part in parts)
