"""What makes the project's own documents and pictures; no other folder imports it but tests.

| module | makes |
|---|---|
| `documents` | all generated pages of `docs/`: `make docs` |
| `command_reference` | `docs/commands.md`, from the help of the commands |
| `workflow_page` | `docs/workflow.md`, from the definition and the errors |
| `permissions` | `docs/permissions.md`, from the policies of the synthesized template |
| `simulation` | `docs/scale.md`, from the definition and the rule of turns: `make simulate` |
| `mutants` | nothing: puts faults into copies of the code, to see which tests notice: `make mutants` |
| `pictures` | `docs/images/watch.svg`, on a local stack: `make pictures` |
"""
