"""The benchmark: `make bench` measures the pipeline beside one that does nothing, and prints the ratios.

- `null_workflow`: state machines with the product's definition, whose functions return a recorded answer
- `runs`: bursts and single photos of each, in turn, and the time of each Task from the histories
- `cold_starts`: the start of each function beside a function that imports boto3 and makes the same clients
- `table`, `report`: medians and ratios, and what is printed

A ratio says more than a time: what else the machine does slows all sides down.
"""
