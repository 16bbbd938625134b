"""A place in a file of definitions: reads one mapping and notes every mistake with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from lianban.engines.forms.words import Words
from lianban.engines.indicators.errors import Problem

Choice = TypeVar("Choice", bound=StrEnum)


def is_list(raw: Any) -> bool:
    """Whether ``raw`` is a list of YAML (ruamel's lists are sequences of their own)."""
    return isinstance(raw, Sequence) and not isinstance(raw, str | bytes)


@dataclass(frozen=True, slots=True)
class Place:
    """``raw`` stands at ``where`` of the file ``source``. The readers give None, and leave a problem, where
    something is wrong; all places of one file share ``problems``."""

    source: str
    problems: list[Problem]
    raw: Mapping[str, Any]
    where: str

    def has(self, key: str) -> bool:
        return key in self.raw

    def bad(self, key: Any, zh: str, en: str) -> None:
        """Note a mistake at ``key`` of this mapping, or at the mapping itself (None)."""
        where = self._at(key) if isinstance(key, str) else self.where
        self.problems.append(Problem(self.source, _line(self.raw, key), where, f"{zh}。", f"{en}."))

    def known(self, *keys: str) -> None:
        """Note every key that is not one of ``keys``."""
        for key in self.raw:
            if key not in keys:
                self.unknown(str(key), str(key), keys)

    def unknown(self, key: str, found: str, known: Iterable[str]) -> None:
        """Note that ``found`` is none of ``known``, with the nearest that is."""
        known = [str(name) for name in known]
        near = difflib.get_close_matches(found, known, n=1)
        zh, en = f"不认识“{found}”", f'"{found}" is not known'
        if near:
            zh, en = f"{zh}，是否为“{near[0]}”？", f'{en}, did you mean "{near[0]}"?'
        else:
            zh, en = f"{zh}。", f"{en}."
        self.bad(key, f"{zh}可用：{'、'.join(known)}", f"{en} Use: {', '.join(known)}")

    def choice(self, kind: type[Choice], key: str) -> Choice | None:
        found = self.raw.get(key)
        try:
            return kind(str(found))
        except ValueError:
            self.unknown(key, str(found), list(kind))
            return None

    def words(self, key: str) -> Words | None:
        inner = self.inner(key)
        if inner is None:
            return None
        inner.known("zh", "en")
        texts = [inner.raw.get(language) for language in ("zh", "en")]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            self.bad(key, "需要中文 zh 与英文 en 两种文字", "needs words in both zh and en")
            return None
        return Words(str(texts[0]), str(texts[1]))

    def inner(self, key: str) -> Place | None:
        """The mapping under ``key``."""
        found = self.raw.get(key)
        if not isinstance(found, Mapping):
            self.bad(key, f"应为对象，读到 {found!r}", f"expected a mapping, found {found!r}")
            return None
        return Place(self.source, self.problems, found, self._at(key))

    def each(self, key: str) -> list[Place]:
        """The mappings of the list under ``key``; none when there is no such key."""
        entries = self.raw.get(key, [])
        if not is_list(entries):
            self.bad(key, "应为列表，每项为一个对象", "expected a list of mappings")
            return []
        found = []
        for number, entry in enumerate(entries):
            if isinstance(entry, Mapping):
                found.append(Place(self.source, self.problems, entry, f"{self._at(key)}[{number}]"))
            else:
                self.bad(
                    key,
                    f"第 {number + 1} 项应为对象，读到 {entry!r}",
                    f"entry {number + 1} should be a mapping, found {entry!r}",
                )
        return found

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key


def _line(raw: Any, key: Any) -> int | None:
    """ruamel keeps the line of every key; a plain mapping has none."""
    marks = getattr(raw, "lc", None)
    if marks is None:
        return None
    try:
        return int(marks.data[key][0]) + 1
    except (KeyError, IndexError, TypeError, AttributeError):
        return int(marks.line) + 1 if isinstance(getattr(marks, "line", None), int) else None
