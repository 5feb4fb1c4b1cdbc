"""The local template: the synthesized one, but for each function's runtime and the alarms on metric math."""

import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

RUNTIME = "provided.al2023"
# The prefix of a function's process id in the User-Agent of its AWS calls.
PROCESS = "process-"


def make_local(assembly: Path, copy: Path, endpoint: str) -> None:
    """Copy a cloud assembly to `copy` and change the copy so that its functions run on this machine.

    The emulator's own Python worker loses the name of an exception, so that no Retry and no Catch matches. AWS's
    runtime interface client (awslambdaric), under a custom runtime, keeps it.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(assembly, copy)
    template_file = copy / "ImageLabels.template.json"
    template: dict[str, Any] = json.loads(template_file.read_text())
    assets = json.loads((copy / "ImageLabels.assets.json").read_text())["files"]
    for function in _of_type(template, "AWS::Lambda::Function"):
        function["Properties"]["Runtime"] = RUNTIME
        asset = function["Properties"]["Code"]["S3Key"].removesuffix(".zip")
        write_bootstrap(copy / assets[asset]["source"]["path"] / "bootstrap", endpoint)
    for alarm in _of_type(template, "AWS::CloudWatch::Alarm"):
        _remove_metric_math(alarm["Properties"])
    template_file.write_text(json.dumps(template))


def _of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == kind]


def _remove_metric_math(alarm: dict[str, Any]) -> None:
    """Let an alarm on metric math watch the first of its metrics: the emulator does not compute metric math."""
    if queries := alarm.pop("Metrics", None):
        first = next(query["MetricStat"] for query in queries if "MetricStat" in query)
        alarm.update({**first["Metric"], "Period": first["Period"], "Statistic": first["Stat"]})


def write_bootstrap(path: Path, endpoint: str) -> None:
    lines = [
        "#!/bin/sh",
        f"export AWS_ENDPOINT_URL={shlex.quote(endpoint)}",
        # The emulator's own, which Powertools would take for the function's: on AWS, functions log from INFO on.
        "unset LOG_LEVEL",
        # `exec` keeps the process id, so that an AWS call can be traced to the process that made it.
        f'export AWS_SDK_UA_APP_ID="{PROCESS}$$"',
        f'exec {shlex.quote(sys.executable)} -m awslambdaric "$_HANDLER"',
    ]
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o755)
