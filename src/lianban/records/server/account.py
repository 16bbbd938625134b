"""Which account runs the server. PostgreSQL refuses root, so root lends it a service account."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianban.records.server.errors import DataFolderUnusable

SERVICE_ACCOUNT = "lianban"


@dataclass(frozen=True)
class Account:
    """The account the server's processes run as."""

    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def as_arguments(self) -> dict[str, Any]:
        """Arguments that make ``subprocess`` run a program as this account."""
        return {} if self.is_us else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> bool:
        return path.stat().st_uid == self.uid

    def give(self, path: Path) -> None:
        """Make this account the owner of something we have just made."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid)

    def unreachable(self, path: Path) -> Path | None:
        """The first folder on the way to ``path`` that this account may not pass, or None."""
        if self.is_us:
            return None
        for folder in [*reversed(path.resolve().parents), path.resolve()]:
            if not folder.exists():
                return None
            about = folder.stat()
            if about.st_uid == self.uid:
                wanted = stat.S_IXUSR
            elif about.st_gid == self.gid:
                wanted = stat.S_IXGRP
            else:
                wanted = stat.S_IXOTH
            if not about.st_mode & wanted:
                return folder
        return None


def server_account(cluster: Path) -> Account:
    """The owner of an existing cluster; else ourselves; else, for root, the service account.

    Without ``useradd`` (small containers) root falls back on ``nobody``: PostgreSQL needs an account that the
    password file knows, and writing that file ourselves would be worse.
    """
    if cluster.exists():
        about = cluster.stat()
        if about.st_uid == 0:
            raise DataFolderUnusable(
                folder=str(cluster), reason="it belongs to root, and PostgreSQL refuses to run as root"
            )
        if os.geteuid() not in (0, about.st_uid):
            raise DataFolderUnusable(
                folder=str(cluster), reason=f"it belongs to another account (uid {about.st_uid})"
            )
        return Account(about.st_uid, about.st_gid)
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        known = pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError:
        known = _make_service_account()
    return Account(known.pw_uid, known.pw_gid)


def _make_service_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT]
        # Two first starts may meet here; whoever loses finds the account made.
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")
