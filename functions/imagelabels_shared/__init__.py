"""What several functions need; the command line and the stack import it, too.

- `aws`, `aws_errors`: calls to AWS, and what each of its errors means
- `environment`, `observability`, `queue_handler`: settings, logs, metrics, handlers of messages
- `errors`, `models`, `execution_input`, `executions`: the errors, the JSON and the input of the state machine, and how
  its executions are doing
- `audit`: the audit record, which states and functions send to the audit queue
- `image_properties`: how colours and quality of photos are found
- `subscriptions`: which e-mail addresses get the mail of an SNS topic
- `timestamps`, `text`: the one form of a time, and text that is safe to show to a person
- `object_versions`, `work_objects`: versions of a photo in S3, and the objects of the work bucket
- `images/`: limits, boxes, decoding and drawing of pictures
- `sandbox/`: work on an uploaded file in a confined process
- `table/`: the items of the labels table, replacing and removing them, and the claims table
- `turns/`: when a photo may be looked at, within the account's rate
- `report/`: the words of a report: subject, text, links
"""
