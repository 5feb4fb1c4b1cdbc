"""The environment variables of PublishReport."""

from dataclasses import dataclass

from imagelabels_shared.environment import Environment, ImagesBucket


@dataclass(frozen=True, kw_only=True)
class PublishReportEnvironment(ImagesBucket):
    """`topic_arn` is the topic of reports."""

    topic_arn: str


@dataclass(frozen=True, kw_only=True)
class ConsoleUrl(Environment):
    """`console_url` is the address of `imagelabels console`, for the links of reports; it has no slash at its end."""

    console_url: str


@dataclass(frozen=True, kw_only=True)
class EnvironmentWithConsole(PublishReportEnvironment, ConsoleUrl):
    """The environment of a stack whose reports link to `imagelabels console` and not to the AWS console."""


def console_url() -> str:
    """Return the address that the links of reports lead to, "" for the AWS console."""
    return ConsoleUrl.from_environ().console_url if ConsoleUrl.is_set() else ""
