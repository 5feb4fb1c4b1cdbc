"""Where everything is after a deploy, and what it costs."""

from imagelabels_shared.costs import of_month, of_photo, total


def summary(outputs: dict[str, str], region: str, sender: str) -> list[str]:
    """Return lines that name the bucket, the console pages, and the inbox in which SNS or SES asks `sender` to confirm.

    `outputs` are the stack's.
    """
    console = f"https://{region}.console.aws.amazon.com"
    machine = f"{console}/states/home?region={region}#/statemachines/view/{outputs['StateMachineArn']}"
    dashboard = f"{console}/cloudwatch/home?region={region}#dashboards/dashboard/{outputs['DashboardName']}"
    per_thousand, monthly = f"${1000 * total(of_photo()):.2f}", f"${total(of_month()):.2f}"
    return [
        f"Upload photos to:  s3://{outputs['ImagesBucketName']}",
        f"State machine:     {machine}",
        f"Dashboard:         {dashboard}",
        f"Costs:             about {per_thousand} for 1,000 photos, and {monthly} a month",
        f"Reports:           confirm what AWS asks in the inbox of {sender}, or nobody gets them",
    ]
