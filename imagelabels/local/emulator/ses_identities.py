import json
from email.utils import parseaddr

from ministack.core import iam_actions

from imagelabels.local.emulator.ses_mail import SEND_EMAIL


def apply() -> None:
    """Authorize SendEmail on the sender's identity.

    AWS: ses:SendEmail needs a policy whose resource covers the ARN of the sender's identity.
    The emulator: it checks the resource `*`, which a policy for one identity does not cover.
    Source: docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    resource_arn = iam_actions._ses_v2_resource_arn  # noqa: SLF001  # it finds the resource of every SES request

    def with_identity(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if method == "POST" and path.endswith(SEND_EMAIL):
            _name, address = parseaddr(json.loads(body)["FromEmailAddress"])
            return f"arn:aws:ses:{region}:{account}:identity/{address}"
        return str(resource_arn(method, path, body, region, account))

    iam_actions._ses_v2_resource_arn = with_identity  # noqa: SLF001
