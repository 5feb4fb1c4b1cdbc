"""The environment variables of CheckSubscriptions: those of one of two ways to mail."""

from dataclasses import dataclass

from imagelabels_shared.environment import Environment


@dataclass(frozen=True, kw_only=True)
class OperatorsTopic(Environment):
    """The topic of the alarms, and the addresses that should get it, with commas between them."""

    operators_email: str
    operators_topic_arn: str


@dataclass(frozen=True, kw_only=True)
class MailTopic(Environment):
    """The topic of reports and failures, and the addresses that should get it, with commas between them."""

    mail_email: str
    mail_topic_arn: str


@dataclass(frozen=True, kw_only=True)
class SesMail(Environment):
    """Amazon SES mails reports: its sender, and the addresses that get them, with commas between them."""

    report_email: str
    report_sender: str


@dataclass(frozen=True, kw_only=True)
class SnsEnvironment(OperatorsTopic, MailTopic):
    """The environment of a stack that mails through SNS."""


@dataclass(frozen=True, kw_only=True)
class SesEnvironment(OperatorsTopic, SesMail):
    """The environment of a stack that mails through SES, to which nobody subscribes."""
