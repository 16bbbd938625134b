"""What a collision 数据碰撞 says: one answer a registry, each with its state, its as-of time and its hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from lianban.engines.forms.words import Words


class Status(StrEnum):
    """How a registry answered. ``NONE`` 查无 is said only of a registry that is whole and fresh."""

    HIT = "hit"
    NONE = "none"
    LATE = "late"
    BROKEN = "broken"
    NOT_ASKED = "not_asked"


class Reason(StrEnum):
    """Why a registry is late, broken or was not asked."""

    OLD = "old"  # late: its as-of time is older than it promises to be
    NO_AS_OF = "no_as_of"  # late: nothing says of when it is (an empty as-of column)
    MISSING = "missing"  # broken: the file or table is not there
    UNREACHABLE = "unreachable"  # broken: the server does not answer
    SCHEMA_CHANGED = "schema_changed"  # broken: a declared column is gone or of another type
    UNREADABLE = "unreadable"  # broken: the table cannot be read
    NOT_INDEXED = "not_indexed"  # broken: no index of it was ever built
    DECLARATION_CHANGED = "declaration_changed"  # broken: declared otherwise since the index was built
    INDEX_STALE = "index_stale"  # broken: the table changed since the index was built
    INDEX_DAMAGED = "index_damaged"  # broken: the index or row store is not what the build wrote
    QUESTION = "question"  # not asked: it answers none of the questions
    BASIS = "basis"  # not asked: it does not accept the legal basis
    SUBJECT = "subject"  # not asked: it holds no identifiers of that kind


REASON_WORDS: Mapping[Reason, Words] = {
    Reason.OLD: Words("数据时点早于约定的更新期限", "its data is older than it promises"),
    Reason.NO_AS_OF: Words("数据没有时点", "nothing says of when its data is"),
    Reason.MISSING: Words("数据表不存在", "its table is not there"),
    Reason.UNREACHABLE: Words("数据服务连接不上", "its service does not answer"),
    Reason.SCHEMA_CHANGED: Words("数据表结构已改变", "the structure of its table has changed"),
    Reason.UNREADABLE: Words("数据表不能读取", "its table cannot be read"),
    Reason.NOT_INDEXED: Words("尚未建立索引", "it has not been indexed"),
    Reason.DECLARATION_CHANGED: Words(
        "登记库声明已改变，索引未重建", "it is declared otherwise since it was indexed"
    ),
    Reason.INDEX_STALE: Words("数据表已更新，索引未重建", "its table has changed since it was indexed"),
    Reason.INDEX_DAMAGED: Words("索引已损坏", "its index is damaged"),
    Reason.QUESTION: Words("不答所问事项", "it answers none of the questions"),
    Reason.BASIS: Words("不接受该法律依据", "it does not accept the legal basis"),
    Reason.SUBJECT: Words("不登记此类主体", "it registers no such subjects"),
}


class NameCheck(StrEnum):
    """How a row was recognised. Only ``CONFIRMED`` may be answered without a person looking at it."""

    CONFIRMED = "confirmed"  # valid number, equal number, equal name
    NAME_DIFFERS = "name_differs"  # valid number, equal number, another name
    NAME_MISSING = "name_missing"  # valid number, equal number, no name on one side
    KEY_INVALID = "key_invalid"  # equal texts that are no valid number, whatever the name
    NAME_ONLY = "name_only"  # equal name, on a row whose number is blank or invalid


@dataclass(frozen=True, slots=True)
class Hit:
    """One row. ``row`` is its number in the table (or its ``row_key``), for a look at the source.

    ``fields`` holds, by question code, the fields that may leave for it. Fields of a hit that is not
    ``confirmed`` are for the person who checks it at the agency that holds the registry, and so is ``name``,
    what the row calls its holder; it is empty for a confirmed hit.
    """

    row: int
    check: NameCheck
    fields: Mapping[str, Mapping[str, Any]] = field(repr=False)
    name: str = field(default="", repr=False)

    @property
    def confirmed(self) -> bool:
        return self.check is NameCheck.CONFIRMED


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """What one registry says about one party.

    A late registry may have hits (they were true at its as-of time); that it has none says nothing. A
    broken one has none. ``questions`` are those of the scope that it answers.
    """

    registry: str
    title: Words
    agency: str
    status: Status
    questions: tuple[str, ...]
    as_of: datetime | None
    hits: tuple[Hit, ...] = ()
    reason: Reason | None = None

    @property
    def confirmed(self) -> tuple[Hit, ...]:
        """The hits that may be answered without a person."""
        return tuple(hit for hit in self.hits if hit.check is NameCheck.CONFIRMED)

    @property
    def for_person(self) -> tuple[Hit, ...]:
        """The hits that a person of the agency must look at first."""
        return tuple(hit for hit in self.hits if hit.check is not NameCheck.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Collision:
    """What every declared registry says about one party, in the order of the registries' codes.

    ``index`` is the version of the index that was asked; ``valid`` whether the party's own number was a
    valid one.
    """

    ref: str
    at: datetime
    index: str
    valid: bool
    answers: tuple[RegistryAnswer, ...]

    def answer(self, registry: str) -> RegistryAnswer:
        """The answer of one registry. Raises ``KeyError`` for a registry that is not declared."""
        for answer in self.answers:
            if answer.registry == registry:
                return answer
        raise KeyError(registry)

    def about(self, question: str) -> tuple[RegistryAnswer, ...]:
        """The answers of the registries that were asked a question."""
        return tuple(answer for answer in self.answers if question in answer.questions)


@dataclass(frozen=True, slots=True)
class RegistryState:
    """Whether a registry can be asked now: ``status`` is ``NONE`` (whole and fresh), ``LATE`` or ``BROKEN``."""

    registry: str
    status: Status
    reason: Reason | None
    as_of: datetime | None
    rows: int
    indexed_at: datetime | None
