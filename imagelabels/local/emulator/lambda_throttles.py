from typing import Any

from ministack.services import lambda_svc


def apply() -> None:
    """Give a throttled invocation the error name that Step Functions matches.

    AWS: Step Functions gets Lambda.TooManyRequestsException.
    The emulator: the error has no name, so no Retry matches it.
    Source: docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html
    """
    throttle_response = lambda_svc._throttle_response  # noqa: SLF001  # it makes every throttle

    def with_error_name(*arguments: Any, **named: Any) -> dict[str, Any]:
        response: dict[str, Any] = throttle_response(*arguments, **named)
        body = response["body"]
        body |= {"errorType": "Lambda.TooManyRequestsException", "errorMessage": body["message"]}
        return response

    lambda_svc._throttle_response = with_error_name  # noqa: SLF001
