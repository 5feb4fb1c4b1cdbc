"""Where everything is after a deploy, what it costs, and what is still to be done."""

import json
from datetime import datetime

from imagelabels.stack.notifications import CATCH_UP, NOTIFICATIONS_TAKE
from imagelabels.stack.subscriptions import Subscription
from imagelabels_shared.costs import of_month, of_photo, total
from imagelabels_shared.prices import CUSTOM_LABELS
from imagelabels_shared.report.links import aws_console
from imagelabels_shared.timestamps import timestamp


def summary(outputs: dict[str, str], region: str) -> list[str]:
    """Return lines that name the bucket, the console pages and the costs; `outputs` are the stack's."""
    home = aws_console(outputs["StateMachineArn"].split(":")[1], region)
    machine = f"{home}/states/home?region={region}#/statemachines/view/{outputs['StateMachineArn']}"
    dashboard = f"{home}/cloudwatch/home?region={region}#dashboards/dashboard/{outputs['DashboardName']}"
    settings = json.loads(outputs.get("Settings", "{}"))
    photo = of_photo(image_properties=settings.get("imageProperties") == "true")
    per_thousand, monthly = f"${1000 * total(photo):.2f}", f"${total(of_month()):.2f}"
    hour = (
        f"Custom Labels:     ${CUSTOM_LABELS.usd:.2f} an hour for each inference unit, from start to stop of the model"
    )
    return [
        f"Upload photos to:  s3://{outputs['ImagesBucketName']}",
        f"State machine:     {machine}",
        f"Dashboard:         {dashboard}",
        f"Costs:             about {per_thousand} for 1,000 photos, and {monthly} a month",
        *([hour] if settings.get("customLabelsModel") else []),
    ]


def first_upload(now: datetime) -> str:
    """Return the sentence about photos that are uploaded just after the first deploy, which was over `now`."""
    begin = timestamp(now + NOTIFICATIONS_TAKE)
    return f"First upload:      S3 tells nobody of new photos before about {begin}. {CATCH_UP}"


def unconfirmed(subscription: Subscription) -> str:
    """Return the sentence about an address that does not get what it should."""
    who, topic = subscription.address, subscription.topic
    return f"Not confirmed:     {who} for {topic}: follow the link in SNS's mail, or run `imagelabels subscribe {who}`"
