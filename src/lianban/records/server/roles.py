"""The database roles. Who may see what hangs on them: policies are written for these names."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Login roles. None but ``SUPERUSER`` may bypass row-level security, and no door ever uses that one."""

    OWNER = "lianban_owner"
    """Owns the tables; runs migrations; forced row-level security binds it as well."""
    APP = "lianban_app"
    """Pages, API and command line: sees rows only after a context has been validated."""
    WORKER = "lianban_worker"
    """Background jobs, acting as a system post."""
    AUDITOR = "lianban_auditor"
    """Reads the ledger and what the ledger points at."""
    SIGNIN = "lianban_signin"
    """Checks passwords and opens sessions, and can do nothing else."""
    SUPERUSER = "lianban_super"
    """Makes the roles and databases of the embedded server, backs it up, and is used by nothing else."""

    @classmethod
    def named(cls, name: str) -> Role:
        """``app`` and ``lianban_app`` both name :attr:`APP`."""
        return cls(name if name.startswith("lianban_") else f"lianban_{name}")


WORKING_ROLES = (Role.OWNER, Role.APP, Role.WORKER, Role.AUDITOR, Role.SIGNIN)
DATABASE = "lianban"
