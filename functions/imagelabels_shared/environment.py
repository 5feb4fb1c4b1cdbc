"""The environment variables of the functions: each name is declared once, as a field of a model.

The stack writes a model (`as_variables`), the function reads it when it runs (`from_environ`). Here are the variables
that several functions share; `<step>/environment.py` adds those of one function.
"""

import os
from dataclasses import asdict, dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The base of the models: a field `table_name` is the variable `TABLE_NAME`; its type is str, int or float."""

    @classmethod
    def is_set(cls) -> bool:
        """Whether the stack set any of these variables: a function may have one of two models."""
        return any(os.environ.get(field.name.upper()) for field in fields(cls))

    @classmethod
    def from_environ(cls) -> Self:
        """Read every variable of the model; raises RuntimeError that names what is missing or is not a number."""
        values = {field.name: os.environ.get(field.name.upper(), "") for field in fields(cls)}
        if missing := [f"{name.upper()} is not set" for name, value in values.items() if not value]:
            raise RuntimeError(f"{' and '.join(missing)}: the stack sets the environment variables of the function.")
        return cls(**{field.name: _parsed(field.name.upper(), field.type, values[field.name]) for field in fields(cls)})

    def as_variables(self) -> dict[str, str]:
        """Return the variables by name, as Lambda takes them; a value may be a token of the CDK."""
        return {name.upper(): str(value) for name, value in asdict(self).items()}


def _parsed(name: str, kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise RuntimeError(f"The environment variable {name} must be a number, not {value!r}.") from None


def endpoint_url() -> str:
    """Return the endpoint that AWS's own tools are told to use (AWS_ENDPOINT_URL), "" for AWS's own endpoints."""
    return os.environ.get("AWS_ENDPOINT_URL", "")


@dataclass(frozen=True, kw_only=True)
class ImagesBucket(Environment):
    """`images_bucket` is the name of the bucket of photos: a message about any other bucket is refused."""

    images_bucket: str


@dataclass(frozen=True, kw_only=True)
class WorkBucket(Environment):
    """`work_bucket` is the name of the bucket for converted copies and Rekognition's answers."""

    work_bucket: str


@dataclass(frozen=True, kw_only=True)
class LabelsTable(Environment):
    """`table_name` is the name of the table of photos, labels and runs."""

    table_name: str


@dataclass(frozen=True, kw_only=True)
class ClaimsTable(Environment):
    """`claims_table_name` is the name of the table that says which execution labels which version."""

    claims_table_name: str


@dataclass(frozen=True, kw_only=True)
class CustomLabelsModel(Environment):
    """`custom_labels_model` is the ARN of the version of a Custom Labels model that looks at each photo, too."""

    custom_labels_model: str


@dataclass(frozen=True, kw_only=True)
class AuditQueue(Environment):
    """`audit_queue_url` is the queue `AuditTrail`."""

    audit_queue_url: str
