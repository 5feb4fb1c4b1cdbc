"""The account's quota of DetectLabels, which a first deploy takes as the rate of the turns."""

import re

import boto3
from botocore.exceptions import ClientError

from imagelabels.deploy.deployed_stack import DeployedStack

SETTING = "rekognitionPerSecond"
# Without a quota the setting has its default, the lowest quota of any region.
DEFAULT = "5"
# "Transactions per second per account for the Amazon Rekognition Image operation DetectLabels".
QUOTA = re.compile(r"transactions per second\b.*\bDetectLabels$", re.IGNORECASE)


def propose(session: boto3.Session, given: dict[str, str], stack: DeployedStack | None) -> tuple[dict[str, str], str]:
    """Return the settings with the account's quota as the rate where nobody chose one, and a sentence about it, or "".

    Raises botocore's errors other than a missing permission.
    """
    deployed = (stack.settings or {}).get(SETTING) if stack else None
    if SETTING in given:
        return given, ""
    quota, unknown = applied_quota(session)
    if quota is None:
        return given, f"{unknown}: {SETTING} is {deployed or DEFAULT}."
    if deployed is None:
        return {**given, SETTING: quota}, f"{SETTING}: {quota} is the account's quota of DetectLabels in this region."
    if float(deployed) != float(quota):
        sentence = f"The account's quota of DetectLabels is {quota} a second, and {SETTING} {deployed}: to use it, "
        return given, f'{sentence}SETTINGS="{SETTING}={quota}".'
    return given, ""


def applied_quota(session: boto3.Session) -> tuple[str | None, str]:
    """Return the calls of DetectLabels a second that the account may make, or None and why this is not known."""
    client = session.client("service-quotas")
    if not re.search(r"\.amazonaws\.|\.aws$", str(client.meta.endpoint_url)):
        return None, "The account's quota of DetectLabels is unknown, because this is not AWS"
    try:
        for page in client.get_paginator("list_service_quotas").paginate(ServiceCode="rekognition"):
            for quota in page["Quotas"]:
                if QUOTA.search(quota["QuotaName"]):
                    return f"{quota['Value']:g}", ""
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        permission = "you have no permission servicequotas:ListServiceQuotas"
        return None, f"The account's quota of DetectLabels is unknown, because {permission}"
    return None, "Service Quotas has no quota of DetectLabels for this account"
