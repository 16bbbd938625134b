"""Where the database keeps its things. Pure: nothing here makes, changes or starts anything.

One data folder holds all that a deployment must keep::

    postgres/     the cluster, mode 0700, owned by the account that runs the server
    secrets/      passwords of the roles, mode 0600
    log/          a week of server logs
    socket/       the only way in (no TCP port is opened), mode 0700
    files/        uploaded files

An ordinary user keeps it in the project, as ``.lianban``. PostgreSQL refuses to run as root, so root keeps it
under ``/var/lib/lianban``, where a service account can reach it without any folder being opened to others.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import lianban

SYSTEM_FOLDER = Path("/var/lib/lianban")
PORT = 5432  # only the last part of the socket's name: two servers never share a socket folder

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST_SOCKET = 103


def project_folder() -> Path:
    """The checkout this code runs from, or the current folder where it was installed as a plain package."""
    checkout = Path(lianban.__file__).resolve().parents[2]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def data_folder() -> Path:
    """``LIANBAN_DATA_FOLDER``, or the default for this account, absolute."""
    given = os.environ.get("LIANBAN_DATA_FOLDER", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return SYSTEM_FOLDER / short_hash(project_folder())
    return project_folder() / ".lianban"


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@dataclass(frozen=True)
class Places:
    """The paths inside one data folder."""

    folder: Path

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def passwords(self) -> Path:
        return self.secrets / "roles.json"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def prepared(self) -> Path:
        """Written once roles and database stand; names the cluster it speaks of."""
        return self.folder / "prepared.json"

    @property
    def guardian_log(self) -> Path:
        return self.folder / "guardian.log"

    @property
    def transition_lock(self) -> Path:
        """Held while somebody starts or prepares the server."""
        return self.folder / "transition.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the server; the kernel lets go of it even after kill -9."""
        return self.folder / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held by the one guardian."""
        return self.folder / "guardian.lock"

    @property
    def socket(self) -> Path:
        """The private socket folder; in ``/tmp`` where the data folder's path is too long for a socket."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) + len(f"/.s.PGSQL.{PORT}") <= _LONGEST_SOCKET:
            return inside
        return Path("/tmp") / f"lianban-{os.geteuid()}-{short_hash(self.folder)}"  # noqa: S108 - checked before use
