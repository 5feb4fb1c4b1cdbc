"""Who opened a connection on loopback: any user of this machine may."""

import os
from pathlib import Path

# Linux lists each TCP connection here with the user who opened it. Other systems do not have this file.
CONNECTIONS = Path("/proc/net/tcp")


def is_own_user(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Return whether the user of this process opened an IPv4 connection; True where the system does not tell."""
    if not CONNECTIONS.exists():
        return True
    ports = [f":{client[1]:04X}", f":{server[1]:04X}"]
    rows = [line.split() for line in CONNECTIONS.read_text().splitlines()[1:]]
    users = [row[7] for row in rows if [row[1][-5:], row[2][-5:]] == ports]
    return users == [str(os.getuid())]
