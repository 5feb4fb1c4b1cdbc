"""Fault injection for the local stack: chosen AWS calls fail, as AWS and networks fail (docs/faults.md).

- `plan`: the rules, and which call they make fail
- `middleware`: faults on HTTP requests, as an ASGI middleware
- `hooks`: faults on what the emulator does without a request: invocations, deliveries, the workflow's own messages
- `request`: which AWS operation an HTTP request calls
- `running_functions`: which Lambda function sent a request
- `error_responses`: the errors in each service's protocol
"""
