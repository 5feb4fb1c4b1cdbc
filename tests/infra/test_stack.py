"""The template has the outputs, rules, tables, subscriptions and settings that the documents promise."""

import json
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from imagelabels.cli import app
from imagelabels.deploy.settings import parsed
from imagelabels.errors import UserError
from imagelabels.local.synthesis import finish
from imagelabels.local.synthesis import synthesize as synthesize_in_a_process
from infra.label_filters import confidences
from infra.settings import Settings, addresses, context_names
from tests.synthesis import Synthesize, of_type
from tools.permissions import permissions, shown

MODEL = "arn:aws:rekognition:us-east-1:123456789012:project/cars/version/cars.2026-11-01T10.00.00/1761991200000"
OUTPUTS = {
    "ImagesBucketName",
    "StateMachineArn",
    "LabelsTableName",
    "ReportsTopicArn",
    "AuditQueueUrl",
    "AuditDeadLetterQueueUrl",
    "UndeliveredEventsQueueUrl",
}
Resource = dict[str, Any]


def test_outputs_have_the_names_that_others_rely_on(template: dict[str, Any]) -> None:
    assert set(template["Outputs"]) >= OUTPUTS


def test_upload_rule_leaves_out_console_folders_and_has_a_dead_letter_queue(template: dict[str, Any]) -> None:
    rules = of_type(template, "AWS::Events::Rule")
    (rule,) = [rule for rule in rules if rule.get("EventPattern", {}).get("detail-type") == ["Object Created"]]
    assert rule["EventPattern"]["detail"]["object"]["key"] == [{"anything-but": {"suffix": "/"}}]
    (target,) = rule["Targets"]
    assert "DeadLetterConfig" in target


def test_images_bucket_is_versioned_private_and_tells_eventbridge(template: dict[str, Any]) -> None:
    buckets = of_type(template, "AWS::S3::Bucket")
    (images,) = [bucket for bucket in buckets if bucket.get("NotificationConfiguration")]
    assert images["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert images["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(set(bucket["PublicAccessBlockConfiguration"].values()) == {True} for bucket in buckets)


def test_table_has_the_index_by_label(template: dict[str, Any]) -> None:
    (table,) = [table for table in of_type(template, "AWS::DynamoDB::Table") if "GlobalSecondaryIndexes" in table]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "by-label"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["label", "confidence"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_runs_are_deleted_after_the_days_of_the_setting(synthesize: Synthesize) -> None:
    """The archive writes the time, DynamoDB deletes."""
    template = synthesize(keepRunsDays="30").template
    (table,) = [table for table in of_type(template, "AWS::DynamoDB::Table") if "GlobalSecondaryIndexes" in table]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert environment(template, "archive_audit")["KEEP_RUNS_DAYS"] == "30"


@pytest.mark.parametrize(
    "folder", ["validate_image", "publish_report", "remove_labels", "keep_undelivered", "archive_audit"]
)
def test_a_function_that_reads_messages_knows_the_images_bucket(template: dict[str, Any], folder: str) -> None:
    assert shown(environment(template, folder)["IMAGES_BUCKET"]) == "Images"


def test_detect_labels_knows_the_rate_and_the_share(template: dict[str, Any]) -> None:
    variables = environment(template, "detect_labels")
    assert (variables["REKOGNITION_PER_SECOND"], variables["BACKFILL_SHARE"]) == ("5", "0.8")
    assert shown(variables["CLAIMS_TABLE_NAME"]) == "Claims"


def environment(template: dict[str, Any], folder: str) -> dict[str, Any]:
    functions = of_type(template, "AWS::Lambda::Function")
    (found,) = [function for function in functions if function["Handler"].startswith(f"{folder}.")]
    return dict(found["Environment"]["Variables"])


@pytest.mark.parametrize(
    ("choice", "rate"),
    [
        ({"custom_labels_per_second": 4}, 50),
        ({"custom_labels_per_second": 4, "custom_labels_model": MODEL}, 4),
        ({"custom_labels_per_second": 80, "custom_labels_model": MODEL}, 50),
        ({"custom_labels_model": MODEL}, 50),
    ],
)
def test_turns_have_the_rate_of_the_slower_api(choice: dict[str, Any], rate: float) -> None:
    """Each photo calls both; without a model its rate means nothing."""
    assert Settings(rekognition_per_second=50, **choice).photos_per_second == rate


def test_people_are_subscribed_who_are_named(template: dict[str, Any], synthesize: Synthesize) -> None:
    """Alarms and failures go to the operators, else to the one who gets the reports; everything else to the latter."""
    assert subscribers(template) == {
        ("Mail", "operators@example.com"): ["FAILED"],
        ("Mail", "photos@example.com"): ["LABELLED", "REJECTED"],
        ("Operators", "operators@example.com"): ["everything"],
    }
    assert subscribers(synthesize(operatorsEmail="").template) == {
        ("Mail", "photos@example.com"): ["FAILED", "LABELLED", "REJECTED"],
        ("Operators", "photos@example.com"): ["everything"],
    }
    silent = synthesize(reportEmail="", operatorsEmail="").template
    assert subscribers(silent) == {}
    assert not [one for one in of_type(silent, "AWS::Lambda::Function") if one["Handler"].startswith("check_")]
    assert "SubscriptionsLost" not in json.dumps(silent), "nobody is to be missed"


def test_an_address_in_another_case_is_the_same() -> None:
    assert addresses("you@example.com, You@Example.com,other@example.com") == ["You@Example.com", "other@example.com"]


def test_the_subscriptions_are_compared_once_a_day_and_not_again(template: dict[str, Any]) -> None:
    """A second attempt of Lambda would mail a second time."""
    (rule,) = [one for one in of_type(template, "AWS::Events::Rule") if "ScheduleExpression" in one]
    assert rule["ScheduleExpression"] == "rate(1 day)"
    assert [shown(target["Arn"]) for target in rule["Targets"]] == ["CheckSubscriptionsFunction"]
    (config,) = of_type(template, "AWS::Lambda::EventInvokeConfig")
    assert config["MaximumRetryAttempts"] == 0
    variables = environment(template, "check_subscriptions")
    assert variables["OPERATORS_EMAIL"] == "operators@example.com"
    assert variables["MAIL_EMAIL"] == "operators@example.com,photos@example.com"


def test_a_setting_may_have_several_addresses(synthesize: Synthesize) -> None:
    several = synthesize(reportEmail="a@example.com,b@example.com", operatorsEmail="b@example.com, c@example.com")
    assert subscribers(several.template) == {
        ("Mail", "a@example.com"): ["LABELLED", "REJECTED"],
        ("Mail", "b@example.com"): ["FAILED", "LABELLED", "REJECTED"],
        ("Mail", "c@example.com"): ["FAILED"],
        ("Operators", "b@example.com"): ["everything"],
        ("Operators", "c@example.com"): ["everything"],
    }


def test_the_identities_of_ses_are_not_of_the_stack(synthesize: Synthesize) -> None:
    """Others may use them; the role may use the identity of an address or that of its domain."""
    template = synthesize(reportSender="labels@example.org").template
    assert not of_type(template, "AWS::SES::EmailIdentity")
    may = {
        (row.action, row.resource.rpartition("/")[2]) for row in permissions(template) if ":identity/" in row.resource
    }
    people = {"labels@example.org", "example.org", "photos@example.com", "operators@example.com", "example.com"}
    assert may == {(action, who) for action in ("ses:SendEmail", "ses:SendRawEmail") for who in people}


def test_the_record_of_the_settings_has_all_of_them(synthesize: Synthesize) -> None:
    record = json.loads(synthesize(minConfidence="72.5").template["Outputs"]["Settings"]["Value"])
    assert list(record) == context_names()
    assert record["minConfidence"] == "72.5"
    assert Settings.from_values(record).values() == record


def test_nobody_is_subscribed_to_mail_that_ses_sends(synthesize: Synthesize) -> None:
    by_ses = synthesize(reportSender="labels@example.com").template
    assert subscribers(by_ses) == {("Operators", "operators@example.com"): ["everything"]}


NUMBER = "+15551234567"


@pytest.mark.parametrize("sender", ["", "labels@example.com"])
def test_a_phone_gets_texts_through_a_topic_of_its_own(synthesize: Synthesize, sender: str) -> None:
    """The function that mails may publish there, and nothing else is new."""
    before, after = (
        synthesize(reportSender=sender).template,
        synthesize(reportSender=sender, reportPhone=NUMBER).template,
    )
    (texts,) = [one for one in of_type(after, "AWS::SNS::Subscription") if one["Protocol"] == "sms"]
    assert texts["Endpoint"] == NUMBER
    (topic,) = after["Resources"].keys() & {texts["TopicArn"]["Ref"]}
    new = set(permissions(after)) - set(permissions(before))
    assert {(row.who, row.effect, row.action) for row in new if row.effect == "may"} == {
        ("SendDigestRole", "may", "sns:Publish")
    }
    assert {row.resource for row in new} == {"Phone"}
    assert after["Outputs"]["PhoneTopicArn"]["Value"] == {"Ref": topic}


def test_without_a_phone_the_template_has_nothing_of_one(template: dict[str, Any]) -> None:
    """Beside the record of the settings, which has every setting."""
    outputs = {name: output for name, output in template["Outputs"].items() if name != "Settings"}
    assert "hone" not in json.dumps([template["Resources"], outputs])


def subscribers(template: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """Return what each (topic, mailbox) gets."""
    every = of_type(template, "AWS::SNS::Subscription")
    mailboxes = [subscription for subscription in every if subscription["Protocol"] == "email"]
    return {
        (shown(mailbox["TopicArn"]), mailbox["Endpoint"]): mailbox.get("FilterPolicy", {"outcome": ["everything"]})[
            "outcome"
        ]
        for mailbox in mailboxes
    }


def reports_source(template: dict[str, Any]) -> Resource:
    """Return the mapping that feeds SendDigest."""
    every = of_type(template, "AWS::Lambda::EventSourceMapping")
    (source,) = [mapping for mapping in every if shown(mapping["EventSourceArn"]) == "ReportsQueue"]
    return source


def test_reports_are_gathered_before_they_are_mailed(template: dict[str, Any], synthesize: Synthesize) -> None:
    """A minute's reports become one mail; with digestSeconds=0 each is mailed alone."""
    source = reports_source(template)
    assert (source["BatchSize"], source["MaximumBatchingWindowInSeconds"]) == (1000, 60)
    assert source["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    at_once = reports_source(synthesize(digestSeconds="0").template)
    assert (at_once["BatchSize"], at_once["MaximumBatchingWindowInSeconds"]) == (1, 0)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"report_email": "nobody"}, "reportEmail must be an e-mail address"),
        ({"report_email": "a@b.cd,nobody"}, "reportEmail must be an e-mail address"),
        ({"operators_email": ",".join(f"{n}@b.cd" for n in range(11))}, "up to 10 with commas between"),
        ({"operators_email": "nobody"}, "operatorsEmail must be an e-mail address"),
        ({"min_confidence": 101.0}, "from 0 to 100"),
        ({"report_sender": "nobody"}, "reportSender must be an e-mail address"),
        ({"report_sender": "labels@example.com"}, "reportSender needs a reportEmail"),
        ({"digest_seconds": -1}, "from 0 to 300"),
        ({"digest_seconds": 301}, "from 0 to 300"),
        ({"max_labels": 0}, "from 1 to 49"),
        ({"max_labels": 50}, "from 1 to 49"),
        ({"rekognition_per_second": 0.05}, r"rekognitionPerSecond must be from 0\.1 to 500"),
        ({"rekognition_per_second": 501}, r"from 0\.1 to 500"),
        ({"custom_labels_per_second": 0.05}, r"customLabelsPerSecond must be 0, or from 0\.1 to 500"),
        ({"custom_labels_per_second": 501}, "customLabelsPerSecond must be 0, or from"),
        ({"backfill_share": 0}, "backfillShare must be over 0, and 1 at most"),
        ({"backfill_share": 1.1}, "over 0, and 1 at most"),
        ({"label_confidence": "Person"}, "labelConfidence must be labels with a percentage each"),
        ({"label_confidence": "Person=101"}, "labelConfidence must be labels with a percentage each"),
        ({"label_confidence": "Person=nan"}, "labelConfidence must be labels with a percentage each"),
        ({"include_labels": "Car,,Dog"}, "includeLabels must be up to 100 names"),
        ({"exclude_labels": "Salt & Pepper"}, "excludeLabels must be up to 100 names"),
        ({"include_categories": "x" * 51}, "includeCategories must be up to 100 names"),
        ({"exclude_categories": ",".join(["x"] * 101)}, "excludeCategories must be up to 100 names"),
        ({"include_labels": ",".join(["x" * 50] * 99)}, "must have 3000 characters at most"),
        ({"custom_labels_model": "cars"}, "customLabelsModel must be the ARN of a model's version"),
        ({"custom_labels_model": MODEL.rpartition("/")[0]}, "customLabelsModel must be the ARN of a model's version"),
        ({"custom_labels_model": f"{MODEL}*"}, "customLabelsModel must be the ARN of a model's version"),
        ({"image_properties": True, "max_labels": 38}, "imageProperties needs a maxLabels of 37 at most"),
        ({"keep_runs_days": 0}, "from 1 to 3650"),
        ({"keep_runs_days": 3651}, "from 1 to 3650"),
        ({"stage": "production"}, "dev, prod"),
        ({"report_phone": "0151 2345678"}, "reportPhone must be a number with its country code"),
        ({"report_phone": "+0151234567"}, "reportPhone must be a number with its country code"),
        ({"report_phone": "+15551234567", "digest_seconds": 0}, "reportPhone needs a digestSeconds over 0"),
        ({"technical_details": "yes"}, "technicalDetails must be one of operators, everyone"),
    ],
)
def test_settings_out_of_range_are_refused_with_a_sentence(choice: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Settings(**choice)


def test_a_model_is_deployed_as_one_permission_and_a_variable_of_three_functions(
    synthesize: Synthesize, template: dict[str, Any]
) -> None:
    """Without the setting, nothing in the template knows of it but the record of the settings."""
    chosen = synthesize(customLabelsModel=MODEL, customLabelsPerSecond="2").template
    assert environment(chosen, "detect_labels")["REKOGNITION_PER_SECOND"] == "2.0"
    (more,) = set(permissions(chosen)) - set(permissions(template))
    assert (more.who, more.action, more.resource) == ("DetectLabelsRole", "rekognition:DetectCustomLabels", MODEL)
    functions = {
        function["Handler"].split(".")[0]
        for function in of_type(chosen, "AWS::Lambda::Function")
        if function["Environment"]["Variables"].get("CUSTOM_LABELS_MODEL") == MODEL
    }
    assert functions == {"validate_image", "normalize_image", "detect_labels"}
    timeouts = [
        [f["Timeout"] for f in of_type(one, "AWS::Lambda::Function") if f["Handler"].startswith("detect_labels.")]
        for one in (template, chosen)
    ]
    assert timeouts == [[30], [50]], "two calls; the state gives up after 90 seconds"
    (alarm,) = [one for one in of_type(chosen, "AWS::CloudWatch::Alarm") if "RekognitionThrottled" in one["AlarmName"]]
    watched = [query["MetricStat"]["Metric"] for query in alarm["Metrics"] if "MetricStat" in query]
    assert {metric["Dimensions"][0]["Value"] for metric in watched} == {"DetectLabels", "DetectCustomLabels"}
    for text in ("CUSTOM_LABELS_MODEL", "DetectCustomLabels"):
        assert text not in json.dumps(template)


def test_image_properties_are_a_variable_of_one_function_and_a_price_on_the_dashboard(
    synthesize: Synthesize, template: dict[str, Any]
) -> None:
    """The same action answers them, so no permission changes. Without the setting, only its record knows of them."""
    chosen = synthesize(imageProperties="true").template
    assert permissions(chosen) == permissions(template)
    functions = [
        function["Handler"].split(".")[0]
        for function in of_type(chosen, "AWS::Lambda::Function")
        if function["Environment"]["Variables"].get("IMAGE_PROPERTIES") == "true"
    ]
    assert functions == ["detect_labels"]
    assert "IMAGE_PROPERTIES" not in json.dumps(template)
    bodies = [json.dumps(of_type(one, "AWS::CloudWatch::Dashboard")) for one in (template, chosen)]
    assert ["FILL(images, 0) * 0.001 " in body for body in bodies] == [True, False]
    assert ["FILL(images, 0) * 0.00175 " in body for body in bodies] == [False, True]
    resources = [one["Resources"] for one in (template, chosen)]
    assert [len(one) for one in resources] == [len(resources[0])] * 2


@pytest.mark.parametrize(("given", "value"), [(True, True), ("TRUE", True), ("false", False), (None, False)])
def test_a_switch_is_true_or_false(given: Any, value: bool) -> None:  # noqa: FBT001  # a parameter of a test
    """cdk.json may have a boolean; `--context` gives a text."""
    settings = Settings.from_values({"imageProperties": given})
    assert settings.image_properties is value
    assert settings.values()["imageProperties"] == str(value).lower()


def test_labels_that_people_choose_reach_the_function() -> None:
    choice = Settings(include_labels="Car, Hot Dog", exclude_categories="Animals and Pets", label_confidence="Car=60")
    assert choice.general_labels() == {
        "LabelInclusionFilters": ["Car", "Hot Dog"],
        "LabelCategoryExclusionFilters": ["Animals and Pets"],
    }
    assert confidences("labelConfidence", choice.label_confidence) == {"Car": 60.0}


def test_the_command_line_knows_every_setting() -> None:
    assert len(context_names()) == len(fields(Settings))
    assert {"reportEmail", "digestSeconds", "keepRunsDays", "stage"} <= set(context_names())
    assert list(parsed(" ".join(f"{name}=1" for name in context_names()))) == context_names()


@pytest.mark.parametrize("command", ["deploy", "diff"])
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--email", "nonsense"], "reportEmail must be an e-mail address"),
        (["--operators-email", "a@b.cd,nonsense"], "operatorsEmail must be an e-mail address"),
        (["--settings", "digestSeconds=soon"], "digestSeconds must be a number"),
        (["--settings", "imageProperties=yes"], "imageProperties must be true or false, not 'yes'"),
        (["--settings", "reportSender=labels@example.com", "--stage", "test"], "stage must be one of dev, prod"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_before_aws_is_asked(
    command: str, words: list[str], sentence: str
) -> None:
    """There is no region and there are no credentials here, which would be the next thing to miss."""
    done = CliRunner().invoke(app, [command, *words])
    assert isinstance(done.exception, UserError)
    assert str(done.exception).startswith(sentence)


@pytest.mark.parametrize(("text", "sentence"), [("minConfidence", "must be name=value"), ("min=1", "no setting min; ")])
def test_the_command_line_refuses_other_words(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        parsed(text)


def test_a_wrong_context_stops_synthesis_with_the_sentence(tmp_path: Path) -> None:
    """Only what finds programs is left of the environment: synthesis needs no AWS settings."""
    variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with (
        synthesize_in_a_process(tmp_path, {"maxLabels": "many"}, variables) as process,
        pytest.raises(UserError, match="maxLabels must be a number, not 'many'"),
    ):
        finish(process)
