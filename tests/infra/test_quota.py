"""A first deploy takes the account's quota of DetectLabels as the rate; later ones say when it has changed."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from imagelabels.deploy.deployed_stack import DeployedStack
from imagelabels.deploy.quota import SETTING, propose
from infra.settings import Settings

OPERATION = "Transactions per second per account for the Amazon Rekognition Image operation "
QUOTAS = {
    "Quotas": [
        {"QuotaName": f"{OPERATION}DetectLabelsAndMore", "Value": 1.0},
        {"QuotaName": f"{OPERATION}DetectLabels", "Value": 50.0},
    ]
}


class Session:
    """A session whose Service Quotas answers as the stub says."""

    def __init__(self, endpoint: str | None = None) -> None:
        real = boto3.Session("key", "secret", region_name="us-east-1")
        self.quotas = real.client("service-quotas", endpoint_url=endpoint)
        self.stub = Stubber(self.quotas)
        self.stub.activate()

    def client(self, _service: str) -> Any:
        return self.quotas


@pytest.fixture
def session() -> Any:
    return Session()


def deployed(rate: float) -> DeployedStack:
    settings = Settings(report_email="you@example.com", rekognition_per_second=rate).values()
    return DeployedStack("UPDATE_COMPLETE", protected=False, settings=settings)


def test_a_first_deploy_takes_the_quota(session: Any) -> None:
    session.stub.add_response("list_service_quotas", QUOTAS)
    given, line = propose(session, {"stage": "dev"}, None)
    assert given == {"stage": "dev", SETTING: "50"}
    assert line == "rekognitionPerSecond: 50 is the account's quota of DetectLabels in this region."


def test_what_a_person_gives_is_not_asked_about(session: Any) -> None:
    assert propose(session, {SETTING: "20"}, None) == ({SETTING: "20"}, "")


@pytest.mark.parametrize(("rate", "said"), [(50, ""), (5, 'to use it, SETTINGS="rekognitionPerSecond=50".')])
def test_a_deployed_rate_is_kept_and_another_quota_is_named(session: Any, rate: float, said: str) -> None:
    session.stub.add_response("list_service_quotas", QUOTAS)
    given, line = propose(session, {}, deployed(rate))
    assert given == {}
    assert line.endswith(said)
    assert bool(line) is bool(said)


def test_without_permission_a_line_says_so(session: Any) -> None:
    session.stub.add_client_error("list_service_quotas", "AccessDeniedException")
    given, line = propose(session, {}, None)
    assert given == {}
    assert "no permission servicequotas:ListServiceQuotas: rekognitionPerSecond is 5." in line


def test_a_region_without_the_quota_and_what_is_not_aws_say_so(session: Any) -> None:
    session.stub.add_response("list_service_quotas", {"Quotas": QUOTAS["Quotas"][:1]})
    assert propose(session, {}, None)[1].startswith("Service Quotas has no quota of DetectLabels")
    here: Any = Session("http://127.0.0.1:4566")
    assert "this is not AWS" in propose(here, {}, deployed(7))[1]
    assert propose(here, {}, deployed(7))[1].endswith("rekognitionPerSecond is 7.")
