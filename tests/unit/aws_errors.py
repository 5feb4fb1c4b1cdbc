"""AWS's answers when it says no, as real botocore errors."""

from typing import Any

from botocore.exceptions import ClientError


def refusal(code: str, status: int = 400, operation: str = "HeadObject", **more: Any) -> ClientError:
    """Return the error that boto3 raises when AWS answers `status` with this code."""
    answer: Any = {
        "Error": {"Code": code, "Message": f"AWS says {code}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(answer, operation)


def refuse(client: Any, operation: str, error: Exception) -> None:
    """Let a boto3 client's operation fail before anything is sent."""

    def stop(**_details: Any) -> None:
        raise error

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-call.{service}.{operation}", stop)
