"""The environment variables of SendDigest: those of one of two ways to mail."""

from dataclasses import dataclass

from imagelabels_shared.environment import Environment


@dataclass(frozen=True, kw_only=True)
class SnsEnvironment(Environment):
    """Mail goes to a topic, to which mailboxes subscribe."""

    mail_topic_arn: str


@dataclass(frozen=True, kw_only=True)
class SesEnvironment(Environment):
    """Amazon SES sends mail: the sender's address, and those of operators and owners with commas between them."""

    operators_email: str
    report_email: str
    report_sender: str
