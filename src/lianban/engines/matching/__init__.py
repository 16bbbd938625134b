"""Matching 数据碰撞, the exact ways: which rows of the declared registries belong to a party.

``load_registries(folder)`` reads the declarations, ``build_index(...)`` indexes their tables,
``PointIndex(...).collide(asked, scope, now=...)`` asks about one party, ``collide_batch(...)`` about many.
Both give the same hits. A registry that is late or broken says so instead of 查无; a hit is ``confirmed``
only if the number is valid and equal and the name is equal, and every other hit goes to a person. The
engine takes no decision on warrants, quotas or the ledger: the caller hands in a :class:`Scope`. The format
of declarations is in docs/reference/registries.md; the reasons are in docs/explanation/matching.md.
"""

from lianban.engines.matching.asking import Asked, Scope
from lianban.engines.matching.batch import BatchCollision, BatchHit, Parties, collide_batch
from lianban.engines.matching.building import BuildReport, RegistryReport, build_index
from lianban.engines.matching.declarations import load_registries
from lianban.engines.matching.errors import (
    IndexBusy,
    IndexUnreadable,
    NoIndex,
    NotAKey,
    RegistriesRefused,
    UnknownRegistry,
)
from lianban.engines.matching.point import PointIndex
from lianban.engines.matching.registries import Registry, Rows, SourceKind
from lianban.engines.matching.results import (
    REASON_WORDS,
    Collision,
    Hit,
    NameCheck,
    Reason,
    RegistryAnswer,
    RegistryState,
    Status,
)
from lianban.engines.matching.sources import Sources, SourceTrouble, Table

__all__ = [
    "REASON_WORDS",
    "Asked",
    "BatchCollision",
    "BatchHit",
    "BuildReport",
    "Collision",
    "Hit",
    "IndexBusy",
    "IndexUnreadable",
    "NameCheck",
    "NoIndex",
    "NotAKey",
    "Parties",
    "PointIndex",
    "Reason",
    "RegistriesRefused",
    "Registry",
    "RegistryAnswer",
    "RegistryReport",
    "RegistryState",
    "Rows",
    "Scope",
    "SourceKind",
    "SourceTrouble",
    "Sources",
    "Status",
    "Table",
    "UnknownRegistry",
    "build_index",
    "collide_batch",
    "load_registries",
]
