"""MiniStack, the AWS emulator, corrected where it differs from AWS.

Each module holds one correction, with one public `apply`. Its docstring says what AWS does, what the emulator does, and
the source. A module's name begins with the AWS service:

- `iam_wildcards`: `*` in a policy matches line breaks
- `cloudformation_listed_resources`: the resources of a stack whose deletion or rollback failed
- `dynamodb_deletion_protection`: CloudFormation cannot delete a protected table
- `iam_leading_keys`: a policy limits the items of a table
- `eventbridge_execution_names`: names of the executions that a rule starts
- `stepfunctions_distributed_map`: batches, results in S3 and the end of a Distributed Map
- `stepfunctions_missing_paths`: a path that is missing ends the execution
- `stepfunctions_retries`: jitter and the longest delay of a Retry
- `stepfunctions_wait_times`: a Wait ends at its time
- `lambda_throttles`: the error name of a throttled invocation
- `lambda_concurrency`: an invocation waits for a free function
- `lambda_batching_windows`: an event source mapping waits for its batching window
- `lambda_credentials`: credentials of a function's role that cannot be guessed
- `lambda_runtime_api`: only functions reach the Runtime API
- `sqs_short_polls`: a short poll may miss messages
- `sns_mail`, `ses_mail`: mail is written to a Maildir
- `ses_identities`: SendEmail is authorized on the sender's identity, with attachments as SendRawEmail
- `s3_event_fields`: S3's events name the version of the object, and a restored copy's end
- `s3_listed_versions`: keys with control characters are listed
- `s3_missing_key`: 403 instead of 404 without s3:ListBucket
- `s3_version_range`: a range of one object version

Most of them replace a private function of the emulator, which has no hooks. The emulator's version is pinned, and a
test fails when a correction stops working.
"""

from pathlib import Path

from imagelabels.local.asgi import App
from imagelabels.local.emulator import (
    cloudformation_listed_resources,
    dynamodb_deletion_protection,
    eventbridge_execution_names,
    iam_leading_keys,
    iam_wildcards,
    lambda_batching_windows,
    lambda_concurrency,
    lambda_credentials,
    lambda_runtime_api,
    lambda_throttles,
    s3_event_fields,
    s3_listed_versions,
    s3_missing_key,
    s3_version_range,
    ses_identities,
    ses_mail,
    sns_mail,
    sqs_short_polls,
    stepfunctions_distributed_map,
    stepfunctions_missing_paths,
    stepfunctions_retries,
    stepfunctions_wait_times,
)


def apply_all(app: App, region: str, maildir: Path) -> App:
    """Correct the emulator whose ASGI app is `app`, and return the corrected app; mail is written to `maildir`."""
    iam_wildcards.apply()
    cloudformation_listed_resources.apply()
    dynamodb_deletion_protection.apply()
    iam_leading_keys.apply()
    eventbridge_execution_names.apply()
    stepfunctions_distributed_map.apply()
    stepfunctions_missing_paths.apply()
    stepfunctions_retries.apply()
    stepfunctions_wait_times.apply()
    lambda_throttles.apply()
    lambda_concurrency.apply()
    lambda_batching_windows.apply()
    lambda_credentials.apply()
    lambda_runtime_api.apply()
    sqs_short_polls.apply()
    sns_mail.apply(maildir)
    ses_mail.apply(maildir)
    ses_identities.apply()
    s3_event_fields.apply()
    s3_listed_versions.apply()
    return s3_missing_key.apply(s3_version_range.apply(app), region)
