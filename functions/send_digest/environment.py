"""The environment variables of SendDigest: those of one of two ways to mail, and who gets the technical lines."""

from dataclasses import dataclass

from imagelabels_shared.environment import Environment

EVERYONE = "everyone"


@dataclass(frozen=True, kw_only=True)
class TechnicalDetails(Environment):
    """`technical_details`: with EVERYONE owners get the technical lines of a report, which operators always get."""

    technical_details: str


@dataclass(frozen=True, kw_only=True)
class SnsEnvironment(TechnicalDetails):
    """Mail goes to a topic, to which mailboxes subscribe."""

    mail_topic_arn: str


@dataclass(frozen=True, kw_only=True)
class SesSender(Environment):
    """`report_sender` is the address from which Amazon SES sends mail; not set when SNS does."""

    report_sender: str


@dataclass(frozen=True, kw_only=True)
class SesEnvironment(TechnicalDetails, SesSender):
    """Amazon SES sends mail to the addresses of operators and owners, with commas between them."""

    operators_email: str
    report_email: str


@dataclass(frozen=True, kw_only=True)
class Phone(Environment):
    """`phone_topic_arn` is the topic of texts to a phone; not set without a phone."""

    phone_topic_arn: str


def technical_for_owners() -> bool:
    return TechnicalDetails.from_environ().technical_details == EVERYONE
