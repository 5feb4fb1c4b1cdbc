"""The CloudWatch alarms; docs/runbook.md has a section for each one, under its name."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra import metrics

# Of five minutes each. A retry follows within seconds, so only throttling that lasts needs a person.
THROTTLED_PERIODS = 3
# ArchiveAudit reads a record after about a minute.
OLDEST_AUDIT_SECONDS = 3600
NO_SUCCESS_PERIOD = Duration.minutes(30)
# 30 hours: longer than the day from check to check, so that the alarm ends after a check that found nothing.
CHECK_PERIOD, CHECK_PERIODS = Duration.hours(6), 5


class Alarms(Construct):
    """Every alarm publishes to `operators` when it begins and when it ends; missing data does not start an alarm."""

    def __init__(self, scope: Construct, name: str, *, operators: sns.ITopic) -> None:
        super().__init__(scope, name)
        self._action = actions.SnsAction(operators)

    def on_executions(self, machine: sfn.StateMachine) -> None:
        """Alarm when an execution fails, times out or is stopped."""
        self.alarm("ExecutionsFailed", machine.metric_failed(), "An execution failed.")
        self.alarm("ExecutionsTimedOut", machine.metric_timed_out(), "An execution took longer than it may.")
        self.alarm("ExecutionsAborted", machine.metric_aborted(), "Somebody stopped an execution.")

    def on_library(self, library: sfn.StateMachine) -> None:
        """Alarm when a run over the library ends before each of its photos was started; stopping one is no fault."""
        self.alarm(
            "BackfillFailed", library.metric_failed(), "A backfill failed before all of its photos were started."
        )

    def on_dead_letters(self, *queues: sqs.Queue) -> None:
        """Alarm at the first message in a dead-letter queue; the alarm has the name of the queue."""
        for queue in queues:
            visible = queue.metric_approximate_number_of_messages_visible(statistic="Maximum")
            self.alarm(queue.node.id, visible, f"The queue {queue.node.id} holds what could not be delivered.")

    def on_audit_age(self, audit_trail: sqs.Queue) -> None:
        age = audit_trail.metric_approximate_age_of_oldest_message(statistic="Maximum")
        self.alarm("AuditTrailAge", age, "Audit records wait for the archive.", least=OLDEST_AUDIT_SECONDS)

    def on_lost_events(self, rule: events.Rule) -> None:
        lost = metrics.of_rule("InvocationsFailedToBeSentToDlq", rule)
        self.alarm("EventsLost", lost, "An event reached neither the state machine nor its dead-letter queue.")

    def on_throttling(self, *, custom_labels: bool) -> None:
        """Alarm when throttling lasts; metrics and limits are those of the account in this Region."""
        rekognition, *others = metrics.of_rekognition_throttles(custom_labels=custom_labels)
        if others:
            rekognition = cloudwatch.MathExpression(
                expression="FILL(general, 0) + FILL(custom, 0)",
                using_metrics={"general": rekognition, "custom": others[0]},
                label="Throttles of both operations",
            )
        self.alarm(
            "RekognitionThrottled", rekognition, "Rekognition has been slowing us down.", periods=THROTTLED_PERIODS
        )
        functions = metrics.of_lambda("Throttles")
        self.alarm("FunctionsThrottled", functions, "Lambda has been refusing calls.", periods=THROTTLED_PERIODS)

    def on_no_success(self, rule: events.Rule, machine: sfn.StateMachine) -> None:
        """Alarm when photos arrive for an hour and not one execution succeeds."""
        failing = cloudwatch.MathExpression(
            expression="IF(FILL(arrived, 0) > 0 AND FILL(succeeded, 0) == 0, 1, 0)",
            using_metrics={"arrived": metrics.of_rule("TriggeredRules", rule), "succeeded": machine.metric_succeeded()},
            period=NO_SUCCESS_PERIOD,
            label="Photos arrive, none succeeds",
        )
        self.alarm("NothingSucceeds", failing, "Photos arrive and no execution succeeds.", periods=2)

    def on_subscriptions(self, check: lambda_.IFunction) -> None:
        """Alarm from the first daily check that fails until one that does not."""
        errors = check.metric_errors(period=CHECK_PERIOD)
        self.alarm(
            "SubscriptionsLost",
            errors,
            "An address does not get its mail.",
            periods=CHECK_PERIODS,
            breaching_periods=1,
        )

    def alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        description: str,
        *,
        least: float = 1,
        periods: int = 1,
        breaching_periods: int | None = None,
    ) -> None:
        """Make an alarm: `least` is reached in `breaching_periods` of the last `periods`, in all of them if None."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{Stack.of(self).stack_name}-{name}",
            alarm_description=f"{description} docs/runbook.md, section {name}, says what to do.",
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            datapoints_to_alarm=breaching_periods,
            evaluation_periods=periods,
            metric=metric,
            threshold=least,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
