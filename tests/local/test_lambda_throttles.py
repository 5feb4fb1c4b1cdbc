"""A throttled invocation on the local stack has the error name that Step Functions gives it on AWS."""

import pytest
from ministack.services import lambda_svc

from imagelabels.local.emulator import lambda_throttles


def test_a_throttled_invocation_has_an_error_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch restores the function that the correction replaces for the whole process.
    monkeypatch.setattr(lambda_svc, "_throttle_response", lambda_svc._throttle_response)  # noqa: SLF001
    lambda_throttles.apply()
    response = lambda_svc._throttle_response(reason_code="ConcurrentInvocationLimitExceeded", msg="Rate Exceeded")  # noqa: SLF001
    assert response["body"]["errorType"] == "Lambda.TooManyRequestsException"
    assert response["body"]["errorMessage"] == "Rate Exceeded"
