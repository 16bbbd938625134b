"""The tables every scene shares, one concept a file."""

from lianban.records.models.agencies import (
    AccessSession,
    Agency,
    Appointment,
    Delegation,
    MachineAccount,
    Officer,
    OfficerSecret,
    Post,
)
from lianban.records.models.history import (
    Event,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerLeaf,
    LedgerNode,
    LedgerPending,
)
from lianban.records.models.letters import Answer, Letter, LetterSubject, Reminder
from lianban.records.models.matters import (
    DataKey,
    Drawing,
    IdentityIndex,
    Leg,
    Matter,
    MatterContent,
    Party,
    PartyIdentifier,
)
from lianban.records.models.migrations import DrawingMigration, MigratedMatter
from lianban.records.models.papers import Document, DocumentNumber, IdempotencyKey, Outbox, PrintedDocument
from lianban.records.models.process import Countersign, Scope, Task, Timer, Token

__all__ = [
    "AccessSession",
    "Agency",
    "Answer",
    "Appointment",
    "Countersign",
    "DataKey",
    "Delegation",
    "Document",
    "DocumentNumber",
    "Drawing",
    "DrawingMigration",
    "Event",
    "IdempotencyKey",
    "IdentityIndex",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerLeaf",
    "LedgerNode",
    "LedgerPending",
    "Leg",
    "Letter",
    "LetterSubject",
    "MachineAccount",
    "Matter",
    "MatterContent",
    "MigratedMatter",
    "Officer",
    "OfficerSecret",
    "Outbox",
    "Party",
    "PartyIdentifier",
    "Post",
    "PrintedDocument",
    "Reminder",
    "Scope",
    "Task",
    "Timer",
    "Token",
]
