"""The deployed stack as an operator sees it: where it is, its executions and its photos."""
