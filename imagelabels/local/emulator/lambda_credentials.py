import secrets
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc


def apply() -> None:
    """Give functions credentials that nobody can guess.

    AWS: a function gets temporary credentials of its role from AWS STS.
    The emulator: it hashes the names of function and role, which are the same in every run of a template.
    Source: docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    """
    credentials_by_name, secret_of_this_run = lambda_runtime.execution_credentials, secrets.token_hex()

    def with_secret(config: dict[str, Any]) -> dict[str, str]:
        # The emulator hashes the whole role ARN, and takes the role's name from what follows the last slash.
        role = f"{secret_of_this_run}/{config.get('Role', '')}"
        credentials: dict[str, str] = credentials_by_name(config | {"Role": role})
        return credentials

    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = with_secret
