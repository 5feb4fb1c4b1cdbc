"""What can go wrong at a desk, in one sentence each; the command line prints it and exits with 1."""


class UserError(Exception):
    """Something the person at the desk can mend: a taken port, a missing program, a path that cannot be read."""
