"""`doctor` on the phone of a stack: what SNS answers about the account, as AWS has it; moto has no sandbox."""

from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from imagelabels.operations.doctor.phone import phone
from imagelabels.stack.connection import Stack

NUMBER = "+15551234567"
WELL: dict[str, Any] = {
    "GetSMSSandboxAccountStatus": {"IsInSandbox": False},
    "ListSMSSandboxPhoneNumbers": {"PhoneNumbers": [{"PhoneNumber": NUMBER, "Status": "Verified"}]},
    "CheckIfPhoneNumberIsOptedOut": {"isOptedOut": False},
    "GetSMSAttributes": {"attributes": {"MonthlySpendLimit": "5"}},
}


def checked(subscribed: bool = True, **answers: Any) -> dict[str, bool]:  # noqa: FBT001, FBT002  # read as a sentence
    """Return whether each sentence is well, on a stack whose SNS answers so."""
    topic = boto3.client("sns").create_topic(Name="Phone")["TopicArn"]
    stack = Stack(boto3.DEFAULT_SESSION or boto3.Session(), {"PhoneTopicArn": topic})
    if subscribed:
        stack.client("sns").subscribe(TopicArn=topic, Protocol="sms", Endpoint=NUMBER)

    def answer(model: Any, **_more: Any) -> tuple[AWSResponse, Any] | None:
        known = WELL | answers
        return (
            (AWSResponse("https://recorded", 200, HTTPHeaders(), None), known[model.name])
            if model.name in known
            else None
        )

    stack.client("sns").meta.events.register("before-call.sns", answer)
    return {result.says: result.well for result in phone(stack)}


@pytest.mark.usefixtures("aws")
def test_a_phone_that_gets_texts_is_well() -> None:
    assert checked() == {
        "The account is not in SNS's sandbox of texts": True,
        f"{NUMBER} has not opted out of texts": True,
        "Texts of this account may cost $5 a month; then SNS sends no more": True,
    }


@pytest.mark.usefixtures("aws")
def test_without_a_limit_of_its_own_an_account_has_the_one_of_aws() -> None:
    assert "Texts of this account may cost $1 a month; then SNS sends no more" in checked(
        GetSMSAttributes={"attributes": {}}
    )


@pytest.mark.usefixtures("aws")
def test_a_verified_number_gets_texts_in_the_sandbox() -> None:
    assert all(checked(GetSMSSandboxAccountStatus={"IsInSandbox": True}).values())


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (
            {
                "GetSMSSandboxAccountStatus": {"IsInSandbox": True},
                "ListSMSSandboxPhoneNumbers": {"PhoneNumbers": [{"PhoneNumber": NUMBER, "Status": "Pending"}]},
            },
            f"create-sms-sandbox-phone-number --phone-number {NUMBER}",
        ),
        (
            {
                "GetSMSSandboxAccountStatus": {"IsInSandbox": True},
                "ListSMSSandboxPhoneNumbers": {"PhoneNumbers": []},
            },
            "is not verified there",
        ),
        ({"CheckIfPhoneNumberIsOptedOut": {"isOptedOut": True}}, "answered STOP"),
        ({"GetSMSAttributes": {"attributes": {"MonthlySpendLimit": "0"}}}, "may cost nothing"),
        ({"subscribed": False}, "No phone is subscribed"),
    ],
)
def test_what_keeps_a_text_from_a_phone_is_found(answers: dict[str, Any], says: str) -> None:
    (wrong,) = [sentence for sentence, well in checked(**answers).items() if not well]
    assert says in wrong


@pytest.mark.usefixtures("aws")
def test_a_stack_without_a_phone_is_not_asked() -> None:
    assert phone(Stack(boto3.Session(), {"MailTopicArn": "arn"})) == []
