"""The stack on this machine: what `make run` and the end-to-end tests start.

A run, in order:

1. `session`: `imagelabels run` starts the stack, uploads photos, and prints progress and mail.
2. `engine`: starts and stops everything else: AWS on one loopback port, with the stack deployed.
3. `stack.local_lock`, `port`, `access/key`: one stack for each folder, a port, and an access key made for the run.
4. `server_process`: the server's process; `server`: what runs in it, the emulator, the recognizer, faults and switches.
5. `synthesis`: the CDK app becomes a cloud assembly, as for AWS, while the server starts.
6. `template`: a copy of the assembly whose functions run on this machine.
7. `create_stack`: the copy is deployed through the emulator's CloudFormation.

What a request passes in the server, in order:

1. `access/`: admission of signed requests from programs; web pages are refused.
2. `switches`: `/_local/recognizer` and `/_local/faults`, which tests and benchmarks set.
3. `faults/`: fault injection.
4. `recognizer/`: Amazon Rekognition, with detectors that run here.
5. `emulator/`: MiniStack, with a correction for each difference from AWS that matters here.

`asgi` and `token_bucket` are shared by these.
"""
