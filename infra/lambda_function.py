"""One step of the workflow: a Lambda function with a role, a log group and nothing that it does not need."""

import re
from pathlib import Path

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledgement import acknowledge, wildcard
from infra.layers import ARCHITECTURE, RUNTIME

FUNCTIONS = Path(__file__).parents[1] / "functions"
SHARED = "imagelabels_shared"
TIMEOUT = Duration.seconds(30)
LOG_RETENTION = logs.RetentionDays.THREE_MONTHS
Conditions = dict[str, dict[str, str]]
DEAD_LETTERS = "Its caller waits for the answer; only events that nobody waits for go to a function's dead letters."
TRACING = "The state machine traces every call of it; its own segments would need a permission on all resources."


class LambdaFunction(Construct):
    """`ValidateImage` runs `functions/validate_image/handler.py`; `allow` gives its role one permission at a time."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        layers: list[lambda_.LayerVersion],
        environment: dict[str, str],
        memory_mb: int = 512,
        timeout: Duration = TIMEOUT,
    ) -> None:
        super().__init__(scope, name)
        folder = snake_case(name)
        log_group = logs.LogGroup(self, "Logs", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY)
        self.role = iam.Role(self, "Role", assumed_by=of_this_account("lambda.amazonaws.com"))
        self.function = lambda_.Function(
            self,
            "Function",
            architecture=ARCHITECTURE,
            code=lambda_.Code.from_asset(str(FUNCTIONS), exclude=other_steps(folder)),
            environment={
                "POWERTOOLS_METRICS_NAMESPACE": "ImageLabels",
                "POWERTOOLS_SERVICE_NAME": folder,
                **environment,
            },
            handler=f"{folder}.handler.handler",
            layers=layers,
            log_group=log_group,
            memory_size=memory_mb,
            role=self.role,
            runtime=RUNTIME,
            timeout=timeout,
        )
        streams = f"{log_group.log_group_arn}:*"
        self.allow(
            *("logs:CreateLogStream", "logs:PutLogEvents"), on=[streams], because="Lambda names the log streams itself."
        )
        acknowledge(self, "Serverless::Serverless-LambdaDLQ", because=DEAD_LETTERS)
        acknowledge(self, "Serverless::Serverless-LambdaTracing", because=TRACING)

    def allow(self, *actions: str, on: list[str], because: str = "", where: Conditions | None = None) -> None:
        """Allow `actions` on the ARNs `on`; an ARN with `*` needs a reason, which cdk-nag's report shows."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=on, conditions=where))
        if because:
            acknowledge(self.role, *(wildcard(self, arn) for arn in on), because=because)


def of_this_account(service: str) -> iam.ServicePrincipal:
    """Return an AWS service, when it acts for this account and not for another one."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def other_steps(folder: str) -> list[str]:
    """Return what an asset leaves out: the other steps' folders, so that their edits do not touch this function."""
    folders = sorted(path.name for path in FUNCTIONS.iterdir() if path.is_dir())
    return ["**/__pycache__", *(name for name in folders if name not in {folder, SHARED})]
