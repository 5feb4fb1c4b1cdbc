"""Where everything is after a deploy."""


def summary(outputs: dict[str, str], region: str, sender: str) -> list[str]:
    """Return lines that name the bucket, the console pages, and the inbox in which SNS or SES asks `sender` to confirm.

    `outputs` are the stack's.
    """
    console = f"https://{region}.console.aws.amazon.com"
    machine = f"{console}/states/home?region={region}#/statemachines/view/{outputs['StateMachineArn']}"
    dashboard = f"{console}/cloudwatch/home?region={region}#dashboards/dashboard/{outputs['DashboardName']}"
    return [
        f"Upload photos to:  s3://{outputs['ImagesBucketName']}",
        f"State machine:     {machine}",
        f"Dashboard:         {dashboard}",
        f"Reports:           confirm what AWS asks in the inbox of {sender}, or nobody gets them",
    ]
