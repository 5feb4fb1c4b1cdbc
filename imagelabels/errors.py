"""The error that the command line prints as one sentence."""


class UserError(Exception):
    """Something that the user can put right, as one sentence: a taken port, a missing program, an unreadable path.

    The command line prints it on standard error and exits with 1.
    """


class WrongUsageError(UserError):
    """A command that cannot be understood, before anything was asked; the command line exits with 2."""
