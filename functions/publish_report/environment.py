"""The environment variables of PublishReport."""

from dataclasses import dataclass

from imagelabels_shared.environment import ImagesBucket


@dataclass(frozen=True, kw_only=True)
class PublishReportEnvironment(ImagesBucket):
    """`topic_arn` is the topic of reports."""

    topic_arn: str
