"""The access key of the local account, made for each run, and private files."""

import os
import secrets
import string
from pathlib import Path
from typing import NamedTuple

KEY_CHARACTERS = string.ascii_uppercase + "234567"


class Key(NamedTuple):
    """An access key with all permissions in the local account."""

    id: str
    secret: str

    @property
    def variables(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


def new_key() -> Key:
    """Return a random key in the form that AWS gives keys."""
    return Key("AKIA" + "".join(secrets.choice(KEY_CHARACTERS) for _ in range(16)), secrets.token_urlsafe(30))


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, and that is never half-written."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)
