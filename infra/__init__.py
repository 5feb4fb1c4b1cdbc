"""The AWS CDK app in Python.

`app.py` is the program that `cdk` runs, `settings.py` what a person may choose, `stack.py` the wiring. Then

- one file for each capability, with its queues, topics, functions and permissions:
  `storage.py` (buckets and tables), `labelling.py` (the five steps of the workflow) with `workflow.py` (the state
  machine), `intake.py` (the EventBridge rules, and events that cannot be delivered), `reports.py` (from the topic of
  reports to mail), `removals.py`, `audit.py`, `library.py` (the state machine that labels what is in the
  bucket already);
- `operations.py` (alarms, dashboard and the operators' topic), made of `alarms.py`, `dashboard.py`, `metrics.py` and
  `operators.py`, with the daily check of its subscriptions (`subscriptions.py`);
- what the capabilities are made of: `lambda_function.py`, `layers.py`, `queue_function.py`, `queues.py`,
  `topics.py`;
- `nag.py`: cdk-nag's rules, and the findings that are acknowledged.

A capability is a function that takes the stack as `scope`. It is not a construct: the id of a construct would become
part of each logical id inside it, and a new logical id replaces a resource and its data.
"""
