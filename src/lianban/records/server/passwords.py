"""Passwords of the database roles: made once, kept in one file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path

from lianban.records.server.errors import RolePasswordsUnusable
from lianban.records.server.places import Places
from lianban.records.server.roles import Role


def role_passwords(places: Places) -> dict[Role, str]:
    """Every role's password, from ``LIANBAN_ROLE_PASSWORDS`` or the data folder, made on first need.

    Made here and not when the server starts, so that settings can be read in any order. Two processes that
    meet here agree: the file is linked into place, and whoever comes second reads the first one's.
    """
    given = os.environ.get("LIANBAN_ROLE_PASSWORDS", "").strip()
    if given:
        return _read(Path(given).expanduser())
    if not places.passwords.exists():
        _make(places)
    return _read(places.passwords)


def renew(places: Places) -> None:
    """Make new passwords. The caller then has to set them on the server."""
    places.passwords.unlink(missing_ok=True)
    _make(places)


def _make(places: Places) -> None:
    make_private_folder(places.folder, 0o711 if os.geteuid() == 0 else 0o700)
    make_private_folder(places.secrets, 0o700)
    fresh = {role.value: secrets.token_urlsafe(24) for role in Role}
    handle, name = tempfile.mkstemp(dir=places.secrets, prefix=".roles-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(fresh, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, places.passwords)
        except FileExistsError:
            pass
    finally:
        os.unlink(name)


def make_private_folder(folder: Path, mode: int) -> None:
    """Make ``folder`` with ``mode``. One that is there already keeps the mode its owner gave it."""
    if not folder.is_dir():
        folder.mkdir(mode=mode, parents=True, exist_ok=True)


def _read(file: Path) -> dict[Role, str]:
    try:
        if file.stat().st_mode & 0o077:
            raise RolePasswordsUnusable(
                file=str(file), reason=f"others can read it (mode {file.stat().st_mode & 0o777:o})"
            )
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RolePasswordsUnusable(file=str(file), reason=error.strerror) from error
    except ValueError as error:
        raise RolePasswordsUnusable(file=str(file), reason="it is not JSON") from error
    if not isinstance(found, dict):
        raise RolePasswordsUnusable(file=str(file), reason="it is not a JSON object")
    passwords = {}
    for role in Role:
        password = found.get(role.value)
        if not isinstance(password, str) or not password:
            if role is Role.SUPERUSER:  # a server of somebody else's keeps its superuser to itself
                continue
            raise RolePasswordsUnusable(file=str(file), reason=f"it has no password for {role}")
        passwords[role] = password
    return passwords
