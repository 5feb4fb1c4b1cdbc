"""Each error of AWS is one sentence on the terminal."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, ProfileNotFound, UnauthorizedSSOTokenError

from imagelabels.terminal.aws_errors import sentence


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "first line\nsecond line"}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (_refused("ExpiredTokenException"), "have expired"),
        (_refused("InvalidClientTokenId"), "does not know these credentials"),
        (_refused("AccessDenied"), "lacks a permission"),
        (_refused("ThrottlingException"), "slow down"),
        (_refused("SomethingElse"), "first line·second line"),
        (NoCredentialsError(), "aws configure"),
        (UnauthorizedSSOTokenError(), "aws sso login"),
        (ProfileNotFound(profile="home"), "AWS_PROFILE"),
    ],
)
def test_an_error_of_aws_is_one_sentence(error: Any, says: str) -> None:
    assert says in sentence(error)
    assert "\n" not in sentence(error)
