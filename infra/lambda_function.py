"""A Lambda function with its own role and log group, for a step of the workflow or for a queue."""

import re
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from imagelabels_shared.environment import Environment
from infra.layers import ARCHITECTURE, RUNTIME, wheel_layer
from infra.metrics import NAMESPACE
from infra.nag import acknowledge, wildcard

FUNCTIONS = Path(__file__).parents[1] / "functions"
SHARED = "imagelabels_shared"
TIMEOUT = Duration.seconds(30)
LOG_RETENTION = logs.RetentionDays.THREE_MONTHS
Conditions = Mapping[str, Mapping[str, str | list[str]]]
DEAD_LETTERS = (
    "Lambda sends only asynchronous events to a function's dead-letter queue. It is invoked synchronously, "
    "or once a day by a schedule, and then an alarm watches its errors."
)
TRACING = "The state machine traces the steps; tracing inside a function needs a permission on all resources."


class LambdaFunction(Construct):
    """`ValidateImage` runs `functions/validate_image/handler.py`, with the layers of these folders of `layers/`.

    `allow` gives its role a permission.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        layers: tuple[str, ...] = ("powertools",),
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
            code=lambda_.Code.from_asset(str(FUNCTIONS), exclude=other_functions(folder)),
            environment={
                "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
                "POWERTOOLS_SERVICE_NAME": folder,
                **environment.as_variables(),
            },
            handler=f"{folder}.handler.handler",
            layers=[wheel_layer(self, layer) for layer in layers],
            log_group=log_group,
            memory_size=memory_mb,
            role=self.role,
            runtime=RUNTIME,
            timeout=timeout,
        )
        streams = f"{log_group.log_group_arn}:*"
        self.allow(
            *("logs:CreateLogStream", "logs:PutLogEvents"),
            on=[streams],
            because="Lambda chooses the names of the log streams.",
        )
        acknowledge(self, "Serverless::Serverless-LambdaDLQ", because=DEAD_LETTERS)
        acknowledge(self, "Serverless::Serverless-LambdaTracing", because=TRACING)

    def also_set(self, environment: Environment) -> None:
        """Set the variables of one more model, for what only some stacks have."""
        for name, value in environment.as_variables().items():
            self.function.add_environment(name, value)

    def allow(self, *actions: str, on: list[str], because: str = "", where: Conditions | None = None) -> None:
        """Allow `actions` on the ARNs `on`; an ARN with `*` needs a reason (`because`) for cdk-nag."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=on, conditions=where))
        if because:
            acknowledge(self.role, *(wildcard(self, arn) for arn in on), because=because)


def of_this_account(service: str) -> iam.ServicePrincipal:
    """Return the principal of an AWS service that acts for this account (against the confused deputy)."""
    return iam.ServicePrincipal(service, conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}})


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def other_functions(folder: str) -> list[str]:
    """Return what an asset excludes: the folders of other functions, whose edits must not change this function."""
    folders = sorted(path.name for path in FUNCTIONS.iterdir() if path.is_dir())
    return ["**/__pycache__", *(name for name in folders if name not in {folder, SHARED})]
