"""Look up agencies and posts, which change rarely: one query, kept for a minute in each process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lianban.engines.errors import YourMistake

_FRESH = 60.0


class UnknownAgency(YourMistake):
    code = "LB-RECORDS-001"
    status = 404
    zh = "没有代码为“{agency}”的单位。请从单位目录中选择。"
    en = "There is no agency with the code “{agency}”. Choose one from the directory of agencies."


class UnknownPost(YourMistake):
    code = "LB-RECORDS-002"
    status = 404
    zh = "单位“{agency}”没有代码为“{post}”的岗位。请从该单位的岗位中选择。"
    en = "The agency “{agency}” has no post with the code “{post}”. Choose one of its posts."


@dataclass(frozen=True, slots=True)
class AgencyRow:
    id: UUID
    code: str
    kind: str
    organ: str
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


@dataclass(frozen=True, slots=True)
class PostRow:
    id: UUID
    agency: UUID
    code: str
    role: str
    name_zh: str
    name_en: str

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


@dataclass(slots=True)
class Directory:
    agencies: dict[UUID, AgencyRow] = field(default_factory=dict)
    by_code: dict[str, AgencyRow] = field(default_factory=dict)
    posts: dict[UUID, PostRow] = field(default_factory=dict)
    by_role: dict[tuple[UUID, str], list[PostRow]] = field(default_factory=dict)
    read_at: float = 0.0

    def agency(self, code: str) -> AgencyRow:
        try:
            return self.by_code[code]
        except (KeyError, TypeError) as error:
            raise UnknownAgency(agency=str(code)[:60]) from error

    def post(self, agency: UUID, code: str) -> PostRow:
        for post in self.posts.values():
            if post.agency == agency and post.code == code:
                return post
        raise UnknownPost(agency=self.agencies[agency].code, post=str(code)[:60])

    def supervisors(self) -> list[PostRow]:
        return [post for post in self.posts.values() if post.role == "supervisor"]


_kept: dict[str, Directory] = {}


def directory(cursor: Any) -> Directory:
    """The directory as this role may read it."""
    name = cursor.connection.info.dbname
    found = _kept.get(name)
    if found is None or time.monotonic() - found.read_at > _FRESH or not found.agencies:
        _kept[name] = found = _read(cursor)
    return found


def forget(name: str | None = None) -> None:
    """After the directory was changed by this process."""
    _kept.pop(name, None) if name else _kept.clear()


def _read(cursor: Any) -> Directory:
    made = Directory(read_at=time.monotonic())
    cursor.execute("SELECT id, code, kind, organ, name_zh, name_en FROM agency ORDER BY sort_key, code")
    for row in cursor.fetchall():
        agency = AgencyRow(*row)
        made.agencies[agency.id] = agency
        made.by_code[agency.code] = agency
    cursor.execute("SELECT id, agency_id, code, role, name_zh, name_en FROM post ORDER BY code")
    for row in cursor.fetchall():
        post = PostRow(*row)
        made.posts[post.id] = post
        made.by_role.setdefault((post.agency, post.role), []).append(post)
    return made
