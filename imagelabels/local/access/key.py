"""The access key of the local account, drawn anew for each run, and the file that keeps it."""

import os
import secrets
import string
from pathlib import Path
from typing import NamedTuple

LETTERS = string.ascii_uppercase + "234567"


class Key(NamedTuple):
    """Who has it may do everything in the local account."""

    id: str
    secret: str

    @property
    def variables(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


def draw() -> Key:
    """Return a key in the form of AWS's."""
    return Key("AKIA" + "".join(secrets.choice(LETTERS) for _ in range(16)), secrets.token_urlsafe(30))


def write_own(path: Path, text: str) -> None:
    """Write a file that never was anybody else's to read, nor half-written."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)
