"""Checks that texts reach the phone of the stack, if it has one; SNS drops them without an error."""

from typing import Any

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.stack.connection import Stack
from imagelabels.stack.subscriptions import at_sns, topics

PHONE = "Phone"
CHECK = "phone"
LIMIT = "MonthlySpendLimit"
# Without the attribute: docs.aws.amazon.com/sns/latest/dg/channels-sms-awssupport-spend-threshold.html
DEFAULT_LIMIT = "1"


def phone(stack: Stack) -> list[CheckResult]:
    """Check the subscription, the sandbox, the list of numbers that opted out and the spend limit of the account."""
    if PHONE not in topics(stack):
        return []
    numbers = list(at_sns(stack, PHONE))
    if not numbers:
        return [CheckResult(CHECK, "No phone is subscribed to Phone: deploy again with reportPhone", well=False)]
    if stack.endpoint:
        return [
            CheckResult(CHECK, f"{number} gets its texts in the mailbox of this machine", well=True)
            for number in numbers
        ]
    sns = stack.client("sns")
    return [*(result for number in numbers for result in (_sandbox(sns, number), _opted_out(sns, number))), _limit(sns)]


def _sandbox(sns: Any, number: str) -> CheckResult:
    if not sns.get_sms_sandbox_account_status()["IsInSandbox"]:
        return CheckResult(CHECK, "The account is not in SNS's sandbox of texts", well=True)
    pages = sns.get_paginator("list_sms_sandbox_phone_numbers").paginate()
    found = {one["PhoneNumber"]: one["Status"] for page in pages for one in page["PhoneNumbers"]}
    if found.get(number) == "Verified":
        return CheckResult(
            CHECK, f"The account is in SNS's sandbox of texts, and {number} is verified there", well=True
        )
    return CheckResult(
        CHECK,
        f"The account is in SNS's sandbox of texts, and {number} is not verified there, so it gets none: "
        f"aws sns create-sms-sandbox-phone-number --phone-number {number}, then verify-sms-sandbox-phone-number",
        well=False,
    )


def _opted_out(sns: Any, number: str) -> CheckResult:
    if sns.check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]:
        says = f"{number} answered STOP and gets no texts: aws sns opt-in-phone-number --phone-number {number}"
        return CheckResult(CHECK, says, well=False)
    return CheckResult(CHECK, f"{number} has not opted out of texts", well=True)


def _limit(sns: Any) -> CheckResult:
    dollars = sns.get_sms_attributes(attributes=[LIMIT])["attributes"].get(LIMIT, DEFAULT_LIMIT)
    if float(dollars) > 0:
        return CheckResult(
            CHECK, f"Texts of this account may cost ${dollars} a month; then SNS sends no more", well=True
        )
    says = (
        f"Texts of this account may cost nothing, so SNS sends none: aws sns set-sms-attributes --attributes {LIMIT}=1"
    )
    return CheckResult(CHECK, says, well=False)
