"""Who opened a connection on loopback: any user of this machine may."""

import os
from pathlib import Path

# Linux lists each TCP connection here with the user who opened it. Other systems do not have this file.
CONNECTIONS = Path("/proc/net/tcp")
# The list changes while it is read, and then a connection may be missing from it.
READS = 5


def is_own_user(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Return whether the user of this process opened an IPv4 connection; True where the system does not tell."""
    if not CONNECTIONS.exists():
        return True
    users = next((found for _read in range(READS) if (found := _users(client[1], server[1]))), [])
    return users == [str(os.getuid())]


def _users(client: int, server: int) -> list[str]:
    ports = [f":{client:04X}", f":{server:04X}"]
    rows = [line.split() for line in CONNECTIONS.read_text().splitlines()[1:]]
    return [row[7] for row in rows if [row[1][-5:], row[2][-5:]] == ports]
