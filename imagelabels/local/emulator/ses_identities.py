import json
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions

from imagelabels.local.emulator.ses_mail import SEND_EMAIL


def apply() -> None:
    """Authorize SendEmail on the sender's identity, and as SendRawEmail if the mail has attachments.

    AWS: ses:SendEmail needs a policy whose resource covers the ARN of the sender's identity. A mail with attachments is
    MIME, for which SES may ask for ses:SendRawEmail.
    The emulator: it checks ses:SendEmail on the resource `*`, which a policy for one identity does not cover.
    Source: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    action_of = iam_actions.extract_iam_action
    resource_arn = iam_actions._ses_v2_resource_arn  # noqa: SLF001  # it finds the resource of every SES request

    def with_identity(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if method == "POST" and path.endswith(SEND_EMAIL):
            _name, address = parseaddr(json.loads(body)["FromEmailAddress"])
            return f"arn:aws:ses:{region}:{account}:identity/{address}"
        return str(resource_arn(method, path, body, region, account))

    def with_attachments(service: str, method: str, path: str, headers: Any, body: bytes, query: Any) -> str | None:
        if service == "ses" and method == "POST" and path.endswith(SEND_EMAIL) and _is_mime(json.loads(body)):
            return "ses:SendRawEmail"
        action: str | None = action_of(service, method, path, headers, body, query)
        return action

    iam_actions.extract_iam_action = with_attachments
    iam_actions._ses_v2_resource_arn = with_identity  # noqa: SLF001


def _is_mime(request: dict[str, Any]) -> bool:
    return bool(request.get("Content", {}).get("Simple", {}).get("Attachments"))
