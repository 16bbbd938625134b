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
from lianban.records.models.assets import Asset, AssetKind, AssetValue
from lianban.records.models.bank import BankEntry, BankMatch, BankStatement
from lianban.records.models.claims import (
    Claim,
    ClaimInterest,
    ClaimPause,
    ClaimTranche,
    ClaimVersion,
    Receipt,
)
from lianban.records.models.clocks import Clock
from lianban.records.models.closings import Closing, ClosingProof, InsolvencyLink, Reopening, TerminatedQuery
from lianban.records.models.collaborations import (
    Collaboration,
    CollaborationPush,
    CollaborationStep,
    PropertyLead,
)
from lianban.records.models.distributions import Distribution, DistributionObjection, DistributionShare
from lianban.records.models.drafts import Draft, Publication, SceneOwner
from lianban.records.models.funds import Fund, FundHold, Payout
from lianban.records.models.history import (
    Event,
    LedgerCheckpoint,
    LedgerEntry,
    LedgerPending,
    LedgerTile,
)
from lianban.records.models.imports import ImportRow, ImportRun
from lianban.records.models.instalments import Instalment, InstalmentPlan
from lianban.records.models.letters import Answer, Letter, LetterSubject, Reminder
from lianban.records.models.listings import ConsumptionLimit, Listing
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
from lianban.records.models.measures import (
    Measure,
    MeasureAnswer,
    MeasureExcess,
    MeasureLimit,
    MeasureRelease,
    MeasureRenewal,
)
from lianban.records.models.migrations import DrawingMigration, MigratedMatter
from lianban.records.models.objections import Objection
from lianban.records.models.papers import Document, DocumentNumber, IdempotencyKey, Outbox, PrintedDocument
from lianban.records.models.process import Countersign, Scope, Task, Timer, Token
from lianban.records.models.registries import (
    AnswerRead,
    Collision,
    CollisionHit,
    QueryAlert,
    QueryCount,
    Registry,
    Warrant,
    WarrantSubject,
)
from lianban.records.models.sales import Sale, Valuation

__all__ = [
    "AccessSession",
    "Agency",
    "Answer",
    "AnswerRead",
    "Appointment",
    "Asset",
    "AssetKind",
    "AssetValue",
    "BankEntry",
    "BankMatch",
    "BankStatement",
    "Claim",
    "ClaimInterest",
    "ClaimPause",
    "ClaimTranche",
    "ClaimVersion",
    "Clock",
    "Closing",
    "ClosingProof",
    "Collaboration",
    "CollaborationPush",
    "CollaborationStep",
    "Collision",
    "CollisionHit",
    "ConsumptionLimit",
    "Countersign",
    "DataKey",
    "Delegation",
    "Distribution",
    "DistributionObjection",
    "DistributionShare",
    "Document",
    "DocumentNumber",
    "Draft",
    "Drawing",
    "DrawingMigration",
    "Event",
    "Fund",
    "FundHold",
    "IdempotencyKey",
    "IdentityIndex",
    "ImportRow",
    "ImportRun",
    "InsolvencyLink",
    "Instalment",
    "InstalmentPlan",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerPending",
    "LedgerTile",
    "Leg",
    "Letter",
    "LetterSubject",
    "Listing",
    "MachineAccount",
    "Matter",
    "MatterContent",
    "Measure",
    "MeasureAnswer",
    "MeasureExcess",
    "MeasureLimit",
    "MeasureRelease",
    "MeasureRenewal",
    "MigratedMatter",
    "Objection",
    "Officer",
    "OfficerSecret",
    "Outbox",
    "Party",
    "PartyIdentifier",
    "Payout",
    "Post",
    "PrintedDocument",
    "PropertyLead",
    "Publication",
    "QueryAlert",
    "QueryCount",
    "Receipt",
    "Registry",
    "Reminder",
    "Reopening",
    "Sale",
    "SceneOwner",
    "Scope",
    "Task",
    "TerminatedQuery",
    "Timer",
    "Token",
    "Valuation",
    "Warrant",
    "WarrantSubject",
]
