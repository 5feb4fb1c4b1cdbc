"""What a person may choose at deploy time (CDK context), checked before anything is synthesized."""

import json
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import TYPE_CHECKING, Any

from imagelabels_shared.image_properties import MOST_ROWS
from imagelabels_shared.subscriptions import EMAIL
from imagelabels_shared.turns.schedule import photos_per_second
from infra.label_filters import FULLY_SURE, MOST_CHARACTERS, confidences, general_labels, names
from send_digest.environment import EVERYONE

if TYPE_CHECKING:
    from constructs import Node  # starts Node.js

# One transaction replaces a photo's labels: at most 100 actions (TransactWriteItems), so the image
# item, as many new labels and as many stale ones must fit.
MOST_LABELS = 49
STAGES = ("dev", "prod")
OPERATORS = "operators"
READERS = (OPERATORS, EVERYONE)
# Ten years; never for ever, because runs tell the labels of photos that were deleted since.
LONGEST_KEPT_DAYS = 3650
# The longest batching window of Lambda's SQS event source.
LONGEST_DIGEST_SECONDS = 300
# One item of DynamoDB takes about 1,000 writes a second, and a photo that waits needs two.
LEAST_RATE, HIGHEST_RATE = 0.1, 500
WEB_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+")
# E.164, as SNS takes it: a country code and a number, 15 digits at most.
PHONE = re.compile(r"\+[1-9]\d{7,14}")
# docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
KEY_ARN = re.compile(r"arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")
# A key has 1,024 bytes at most.
MOST_PREFIX_BYTES = 1024
# botocore's model of Rekognition, ProjectVersionArn.
MODEL_VERSION = re.compile(
    r"arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project/[\w.\-]{1,255}/version/[\w.\-]{1,255}/[0-9]+", re.ASCII
)
# Amazon SES sends a message to at most 50 recipients; this leaves room, and the record of the settings stays short.
MOST_ADDRESSES = 10


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`min_confidence` in percent; `label_confidence` is like "Person=95,Dog=60", the lists like "Car,Hot Dog".

    `operators_email` gets alarms and failures, else `report_email` does, else nobody.

    Both are addresses with commas between them. Reports of `digest_seconds` become one mail; 0 mails each one at once.
    With `report_sender` SES mails them as HTML; `report_phone` (E.164) gets a text about them. `technical_details` of
    a mail (bucket, execution, command) are for one of READERS. Runs are kept in the table for `keep_runs_days`. Links
    of reports lead to `console_url`, else to the AWS console. `custom_labels_model` is the ARN of a version of a Custom
    Labels model that looks at each photo, too, `custom_labels_per_second` how many its inference units take (0: as many
    as DetectLabels). Photos are in `images_bucket`, which is there already, else in a bucket
    of the stack; only keys that begin with `images_prefix` are labelled. `images_key_arn` is the KMS key of the photos.
    `rekognition_per_second` is the account's quota of DetectLabels, and `backfill_share` the part of it that a backfill
    may have. With `image_properties` dominant colours and quality of each photo are asked for and paid, too.
    """

    report_email: str = ""
    operators_email: str = ""
    report_sender: str = ""
    report_phone: str = ""
    technical_details: str = OPERATORS
    digest_seconds: int = 60
    min_confidence: float = 70
    max_labels: int = 20
    rekognition_per_second: float = 5
    backfill_share: float = 0.8
    label_confidence: str = ""
    include_labels: str = ""
    exclude_labels: str = ""
    include_categories: str = ""
    exclude_categories: str = ""
    image_properties: bool = False
    custom_labels_model: str = ""
    custom_labels_per_second: float = 0
    keep_runs_days: int = 365
    console_url: str = ""
    images_bucket: str = ""
    images_prefix: str = ""
    images_key_arn: str = ""
    stage: str = "dev"

    def __post_init__(self) -> None:
        _require(
            not self.report_sender or EMAIL.fullmatch(self.report_sender), "reportSender must be an e-mail address"
        )
        for name in ("report_email", "operators_email"):
            given = addresses(getattr(self, name))
            well = len(given) <= MOST_ADDRESSES and all(map(EMAIL.fullmatch, given))
            sentence = f"{context_name(name)} must be an e-mail address, or up to {MOST_ADDRESSES} with commas between"
            _require(well, sentence)
        _require(
            not self.report_phone or PHONE.fullmatch(self.report_phone),
            "reportPhone must be a number with its country code, such as +15551234567",
        )
        _require(
            not self.report_phone or self.digest_seconds,
            "reportPhone needs a digestSeconds over 0: otherwise each photo would cost a text",
        )
        _require(not self.report_sender or self.report_email, "reportSender needs a reportEmail to send to")
        _require(
            0 <= self.digest_seconds <= LONGEST_DIGEST_SECONDS,
            f"digestSeconds must be from 0 to {LONGEST_DIGEST_SECONDS}",
        )
        _require(0 <= self.min_confidence <= FULLY_SURE, "minConfidence must be from 0 to 100")
        _require(1 <= self.max_labels <= MOST_LABELS, f"maxLabels must be from 1 to {MOST_LABELS}")
        most = MOST_LABELS - MOST_ROWS
        _require(
            not self.image_properties or self.max_labels <= most,
            f"imageProperties needs a maxLabels of {most} at most: a transaction also has colours and quality",
        )
        _require(
            LEAST_RATE <= self.rekognition_per_second <= HIGHEST_RATE,
            f"rekognitionPerSecond must be from {LEAST_RATE} to {HIGHEST_RATE}",
        )
        own = self.custom_labels_per_second
        _require(
            own == 0 or LEAST_RATE <= own <= HIGHEST_RATE,
            f"customLabelsPerSecond must be 0, or from {LEAST_RATE} to {HIGHEST_RATE}",
        )
        _require(0 < self.backfill_share <= 1, "backfillShare must be over 0, and 1 at most")
        confidences("labelConfidence", self.label_confidence)
        lists = json.dumps(self.general_labels()) + self.label_confidence + self.custom_labels_model
        _require(len(lists) <= MOST_CHARACTERS, f"The lists of labels must have {MOST_CHARACTERS} characters at most")
        _require(
            not self.custom_labels_model or MODEL_VERSION.fullmatch(self.custom_labels_model),
            "customLabelsModel must be the ARN of a model's version: "
            "arn:PARTITION:rekognition:REGION:ACCOUNT:project/NAME/version/NAME/TIME",
        )
        _require(1 <= self.keep_runs_days <= LONGEST_KEPT_DAYS, f"keepRunsDays must be from 1 to {LONGEST_KEPT_DAYS}")
        _require(
            not self.console_url or WEB_ADDRESS.fullmatch(self.console_url),
            "consoleUrl must be an address such as http://127.0.0.1:4567, without a path",
        )
        _require(self.technical_details in READERS, f"technicalDetails must be one of {', '.join(READERS)}")
        _require(
            not self.images_bucket or BUCKET.fullmatch(self.images_bucket),
            "imagesBucket must be the name of a bucket, without s3:// and without a path",
        )
        # In a policy's resource these would stand for other keys, too.
        _require(not set(self.images_prefix) & set("*?$"), "imagesPrefix must not have *, ? or $")
        _require(len(self.images_prefix.encode()) < MOST_PREFIX_BYTES, "imagesPrefix is longer than a key may be")
        _require(
            not self.images_key_arn or KEY_ARN.fullmatch(self.images_key_arn),
            "imagesKeyArn must be the ARN of a KMS key, arn:PARTITION:kms:...:key/...",
        )
        _require(self.images_bucket or not self.images_key_arn, "imagesKeyArn needs the imagesBucket that it encrypts")
        _require(self.stage in STAGES, f"stage must be one of {', '.join(STAGES)}")

    def general_labels(self) -> dict[str, Any]:
        """Return GeneralLabels of DetectLabels' Settings; raises ValueError for a name that Rekognition cannot have."""
        return general_labels(
            LabelInclusionFilters=names("includeLabels", self.include_labels),
            LabelExclusionFilters=names("excludeLabels", self.exclude_labels),
            LabelCategoryInclusionFilters=names("includeCategories", self.include_categories),
            LabelCategoryExclusionFilters=names("excludeCategories", self.exclude_categories),
        )

    @property
    def photos_per_second(self) -> float:
        """The rate of the turns: a photo calls DetectLabels, and the Custom Labels model if there is one."""
        own = self.custom_labels_per_second if self.custom_labels_model else 0
        return photos_per_second(self.rekognition_per_second, own)

    @property
    def alarm_email(self) -> str:
        """Who gets alarms and reports of failures: addresses, or nothing."""
        return self.operators_email or self.report_email

    @classmethod
    def from_context(cls, node: "Node") -> "Settings":
        """Read the context; raises ValueError as `from_values`."""
        return cls.from_values({name: node.try_get_context(name) for name in context_names()})

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> "Settings":
        """Read values by their names in the context; raises ValueError with one sentence for what cannot be used."""
        given = {field: values.get(context_name(field.name)) for field in fields(cls)}
        return cls(**{field.name: _parsed(field, value) for field, value in given.items() if _is_given(field, value)})

    def values(self) -> dict[str, str]:
        """Return every setting as text, by its name in the context; `from_values` reads it."""
        return {context_name(field.name): _written(getattr(self, field.name)) for field in fields(self)}


def addresses(setting: str) -> list[str]:
    """Return the e-mail addresses in a setting, each once: one that differs in case alone is the same."""
    given = (address.strip() for address in setting.split(",") if address.strip())
    return list({address.casefold(): address for address in given}.values())


def context_name(field: str) -> str:
    """Return the name of a setting in the CDK context: `minConfidence` for the field `min_confidence`."""
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


def context_names() -> list[str]:
    """Return the names of all settings, as a person writes them."""
    return [context_name(field.name) for field in fields(Settings)]


def _is_given(field: Field[Any], value: Any) -> bool:
    """Whether a person chose a value; an empty text is none."""
    return value is not None and (field.type is not str or value != "")


def _parsed(field: Field[Any], value: Any) -> Any:
    kind: Any = field.type
    if kind is bool:
        return _switch(context_name(field.name), value)
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{context_name(field.name)} must be a number, not {value!r}.") from None


def _switch(name: str, value: Any) -> bool:
    # cdk.json may have a boolean, and `cdk --context` a text.
    if (text := str(value).casefold()) not in {"true", "false"}:
        raise ValueError(f"{name} must be true or false, not {value!r}.")
    return text == "true"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _require(condition: object, sentence: str) -> None:
    if not condition:
        raise ValueError(f"{sentence}.")
