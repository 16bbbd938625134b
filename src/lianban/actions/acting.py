"""Who acts, in which post, for what purpose, and when. The first argument of every action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lianban.records.context import Identity
from lianban.records.history import By

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Acting:
    """One act's actor. ``identity`` is what the database validated; None is the system post of the worker.

    ``now`` is the instant everything of this act is recorded at; ``purpose`` says in a word why the data was
    used, and goes into the ledger with the rest.
    """

    identity: Identity | None
    now: datetime
    purpose: str = "办理事项"

    @property
    def agency(self) -> UUID | None:
        return self.identity.agency if self.identity else None

    @property
    def post(self) -> UUID | None:
        return self.identity.post if self.identity else None

    @property
    def officer(self) -> UUID | None:
        return self.identity.officer if self.identity else None

    @property
    def role(self) -> str:
        return self.identity.role if self.identity else SYSTEM

    @property
    def by(self) -> By:
        return By(self.officer, self.post, self.agency, self.purpose)
