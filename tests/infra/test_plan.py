"""What a deploy keeps, changes and refuses, from the deployed settings and those that are given."""

import pytest

from imagelabels.deploy.deployed_stack import DeployedStack, refuse_unusable
from imagelabels.deploy.plan import planned, refuse_end_of_prod
from imagelabels.errors import UserError
from infra.settings import Settings

EMAIL = "you@example.com"


def stack(stage: str = "dev", status: str = "UPDATE_COMPLETE") -> DeployedStack:
    settings = Settings(report_email=EMAIL, min_confidence=60, stage=stage).values()
    return DeployedStack(status, protected=stage == "prod", settings=settings)


def test_settings_that_are_not_given_keep_their_deployed_values() -> None:
    plan = planned({"maxLabels": "10"}, stack("prod"))
    assert plan.values["minConfidence"] == "60"
    assert plan.values["stage"] == "prod"
    assert plan.lines[0] == "changed  maxLabels: from 20 to 10"
    assert "kept     stage: prod" in plan.lines
    assert not plan.ends_prod


def test_another_way_to_write_a_number_is_no_change() -> None:
    assert "kept     minConfidence: 60" in planned({"minConfidence": "60.0"}, stack()).lines


def test_who_gets_mail_from_whom_is_named_first() -> None:
    changes = {"digestSeconds": "0", "reportSender": "labels@example.com", "reportEmail": "me@example.com"}
    first, second, third, *_ = planned(changes, stack()).lines
    assert first.startswith(f"changed  reportEmail: from {EMAIL} to me@example.com")
    assert second.startswith("changed  reportSender: from none to labels@example.com")
    assert third == "changed  digestSeconds: from 60 to 0"


def test_a_setting_that_the_deployed_release_did_not_have_is_new() -> None:
    deployed = stack()
    assert deployed.settings is not None
    del deployed.settings["keepRunsDays"]
    assert "new      keepRunsDays: 365" in planned({}, deployed).lines


def test_an_empty_value_sets_a_setting_back_to_none() -> None:
    assert planned({"reportEmail": ""}, stack()).values["reportEmail"] == ""


def test_prod_becomes_dev_only_when_this_is_meant() -> None:
    plan = planned({"stage": "dev"}, stack("prod"))
    with pytest.raises(UserError, match="--from-prod-to-dev"):
        refuse_end_of_prod(plan, meant=False)
    refuse_end_of_prod(plan, meant=True)


def test_a_stack_without_a_record_of_its_settings_needs_all_of_them_once() -> None:
    """Release 1.0.0 wrote none; its protection tells the stage."""
    old = DeployedStack("UPDATE_COMPLETE", protected=True, settings=None)
    with pytest.raises(UserError, match=r"name each one once.* Missing: operatorsEmail, "):
        planned({"reportEmail": EMAIL}, old)
    every = Settings(report_email=EMAIL).values()
    assert planned(every, old).ends_prod


def test_a_value_that_cannot_be_used_is_one_sentence() -> None:
    with pytest.raises(UserError, match=r"^minConfidence must be from 0 to 100\.$"):
        planned({"minConfidence": "101"}, stack())


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_IN_PROGRESS"])
def test_a_stack_that_cannot_be_updated_is_refused(status: str) -> None:
    with pytest.raises(UserError, match=status):
        refuse_unusable(stack(status=status))


def test_any_other_stack_and_none_can_be_deployed() -> None:
    for one in (None, stack(), stack(status="UPDATE_ROLLBACK_COMPLETE")):
        refuse_unusable(one)
