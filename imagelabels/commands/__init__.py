"""One file for each command: its arguments, its help, and what it prints. `cli.py` registers them."""
