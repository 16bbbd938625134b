"""Reads YAML with line numbers and collects what is wrong instead of stopping at the first mistake.

An :class:`Entry` is one mapping of a file. Its methods take a value of the wanted shape, or note a problem
with the line and give a harmless default, so that one look finds everything. Nothing built from defaults
is ever handed out: the loader raises if there was any problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from lianban.engines.forms.words import Words
from lianban.engines.scenes.problems import Problem, nearest

MAX_FILE = 512 * 1024  # bytes of one YAML file; the longest scene needs a tenth
CODE = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*\Z")
CHINESE = re.compile(r"[\u3400-\u9fff]")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass
class Findings:
    """Problems of one scene, as they are found."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, file: str, line: int, zh: str, en: str) -> None:
        self.problems.append(Problem(file, line, zh, en))

    def __bool__(self) -> bool:
        return bool(self.problems)


@dataclass(frozen=True)
class Entry:
    """One mapping of a YAML file, with the line where it begins."""

    file: str
    line: int
    data: Mapping[str, Any]
    findings: Findings

    def line_of(self, key: str | int | None = None) -> int:
        """The line of ``key``, or of the entry where the key is not there."""
        if key is not None and isinstance(self.data, CommentedMap) and key in (self.data.lc.data or {}):
            return int(self.data.lc.data[key][0]) + 1
        return self.line

    def note(self, key: str | int | None, zh: str, en: str) -> None:
        """Note a problem at ``key`` (or at the entry)."""
        self.findings.note(self.file, self.line_of(key), zh, en)

    def only(self, *known: str) -> None:
        """Refuse keys that mean nothing here: most are misspelt."""
        for key in self.data:
            if key not in known:
                near = nearest(key, known)
                self.note(key, f"未知的键“{key}”。{near[0]}", f'Unknown key "{key}". {near[1]}')

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text that says something; required unless there is a default."""
        value = self.data.get(key)
        if value is None and default is not None and key not in self.data:
            return default
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is None:
            self.note(key, f"缺少“{key}”。请填写一段文字。", f'"{key}" is missing. Give a text.')
        else:
            self.note(
                key,
                f"“{key}”应为非空文字，现为 {_shown(value)}。数字和日期请加引号。",
                f'"{key}" must be a text that is not empty; found {_shown(value)}. Put numbers and dates in quotes.',
            )
        return default or ""

    def optional(self, key: str) -> str | None:
        return self.text(key) if self.data.get(key) is not None else None

    def code(self, key: str = "code") -> str:
        """A code: lower-case English, as rows and drawings will hold it."""
        value = self.text(key)
        if value and not CODE.match(value):
            self.note(
                key,
                f"“{key}”的值“{value}”不是代码。请用小写英文字母开头，只含小写字母、数字、下划线、点和连字符。",
                f'"{value}" of "{key}" is not a code. Begin with a lower-case letter; use only lower-case '
                "letters, digits, underscores, dots and hyphens.",
            )
        return value

    def words(self, key: str | None = None) -> Words:
        """``{zh, en}`` under ``key``, or the ``zh`` and ``en`` of the entry itself. Both are required."""
        if key is None:
            return Words(self._language("zh"), self._language("en"))
        inner = self.entry(key)
        if inner is None:
            return Words("", "")
        inner.only("zh", "en")
        return inner.words()

    def whole(self, key: str, *, least: int, most: int) -> int:
        """A whole number between two limits."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.note(
            key,
            f"“{key}”应为 {least} 至 {most} 的整数，现为 {_shown(value)}。",
            f'"{key}" must be a whole number from {least} to {most}; found {_shown(value)}.',
        )
        return least

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A date written ``2024-01-01``."""
        value = self.data.get(key)
        if type(value) is date:
            return value
        if value is not None or required:
            self.note(
                key,
                f"“{key}”应为日期，如 2024-01-01，现为 {_shown(value)}。",
                f'"{key}" must be a date like 2024-01-01; found {_shown(value)}.',
            )
        return None

    def choice(self, key: str, kind: type[Choice]) -> Choice:
        """One of the values of an enum."""
        value = self.data.get(key)
        for member in kind:
            if member.value == value:
                return member
        near = nearest(value, (member.value for member in kind))
        self.note(
            key,
            f"“{key}”的值 {_shown(value)} 不在可选之列。{near[0]}",
            f'{_shown(value)} is not a value of "{key}". {near[1]}',
        )
        return next(iter(kind))

    def codes(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of codes, none twice."""
        found: list[str] = []
        for index, value in self._items(key, required=required):
            if not isinstance(value, str) or not CODE.match(value):
                self._note_item(
                    key,
                    index,
                    f"“{key}”第 {index + 1} 项 {_shown(value)} 不是代码。请用小写英文。",
                    f'Entry {index + 1} of "{key}", {_shown(value)}, is not a code. Use lower-case English.',
                )
            elif value in found:
                self._note_item(
                    key, index, f"“{key}”中“{value}”重复。请删除一处。", f'"{value}" stands twice in "{key}".'
                )
            else:
                found.append(value)
        return tuple(found)

    def entry(self, key: str, *, required: bool = True) -> Entry | None:
        """A mapping under ``key``."""
        value = self.data.get(key)
        if isinstance(value, Mapping):
            return Entry(self.file, self.line_of(key), value, self.findings)
        if value is not None or required:
            self.note(
                key,
                f"缺少“{key}”，或它不是一组键值（现为 {_shown(value)}）。",
                f'"{key}" is missing or is not a mapping (found {_shown(value)}).',
            )
        return None

    def entries(self, key: str, *, required: bool = True) -> list[Entry]:
        """A list of mappings under ``key``."""
        found: list[Entry] = []
        for index, value in self._items(key, required=required):
            line = self._item_line(key, index)
            if isinstance(value, Mapping):
                found.append(Entry(self.file, line, value, self.findings))
            else:
                self.findings.note(
                    self.file,
                    line,
                    f"“{key}”第 {index + 1} 项应为一组键值，现为 {_shown(value)}。",
                    f'Entry {index + 1} of "{key}" must be a mapping; found {_shown(value)}.',
                )
        return found

    def _language(self, key: str) -> str:
        value = self.text(key)
        if key == "zh" and value and not CHINESE.search(value):
            self.note(key, f"“zh”里没有中文：“{value}”。", f'"zh" holds no Chinese: "{value}".')
        if key == "en" and value and CHINESE.search(value):
            self.note(key, f"“en”里有中文：“{value}”。", f'"en" holds Chinese: "{value}".')
        return value

    def _items(self, key: str, *, required: bool) -> Iterator[tuple[int, Any]]:
        value = self.data.get(key)
        if isinstance(value, list) and (value or not required):
            yield from enumerate(value)
        elif value is not None or required:
            self.note(
                key,
                f"“{key}”应为非空列表，现为 {_shown(value)}。",
                f'"{key}" must be a list that is not empty; found {_shown(value)}.',
            )

    def _item_line(self, key: str, index: int) -> int:
        value = self.data.get(key)
        if isinstance(value, CommentedSeq) and index in (value.lc.data or {}):
            return int(value.lc.data[index][0]) + 1
        return self.line_of(key)

    def _note_item(self, key: str, index: int, zh: str, en: str) -> None:
        self.findings.note(self.file, self._item_line(key, index), zh, en)


def read_yaml(path: Path, file: str, findings: Findings) -> Any:
    """The content of one YAML 1.2 file, with line numbers; ``None`` after noting why it cannot be read."""
    try:
        source = path.read_bytes()
    except OSError as error:
        findings.note(file, 0, f"不能读取：{error.strerror}。", f"Cannot be read: {error.strerror}.")
        return None
    if len(source) > MAX_FILE:
        findings.note(
            file,
            0,
            f"文件有 {len(source):,} 字节，超过 {MAX_FILE:,}。请拆分。",
            f"The file has {len(source):,} bytes, more than {MAX_FILE:,}. Split it.",
        )
        return None
    try:
        loaded = YAML(typ="rt").load(source.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        findings.note(file, line, "不是 UTF-8 编码。请另存为 UTF-8。", "Not UTF-8. Save the file as UTF-8.")
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "").split("\n")[0].split())
        findings.note(
            file,
            mark.line + 1 if mark else 0,
            f"YAML 写法有误：{what}。请检查缩进、冒号后的空格和引号，以及重复的键。",
            f"Not valid YAML: {what}. Check the indent, the space after colons, quotes and doubled keys.",
        )
        return None
    except (YAMLError, ValueError) as error:
        findings.note(file, 0, f"YAML 不能读取：{error}。", f"The YAML cannot be read: {error}.")
        return None
    return None if _has_aliases(loaded, file, findings) else loaded


def read_entry(path: Path, file: str, findings: Findings) -> Entry | None:
    """The root mapping of a YAML file."""
    loaded = read_yaml(path, file, findings)
    if isinstance(loaded, Mapping):
        return Entry(file, 1, loaded, findings)
    if loaded is not None or not any(problem.file == file for problem in findings.problems):
        findings.note(file, 1, "文件应为一组键值。", "The file must hold a mapping.")
    return None


def plain(value: Any) -> Any:
    """The same data without line numbers, as JSON would hold it: dates become ISO text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def line_at(root: Any, pointer: tuple[str | int, ...]) -> int:
    """The line of the deepest existing step of ``pointer`` in loaded YAML."""
    line, node = 1, root
    for step in pointer:
        if isinstance(node, CommentedMap | CommentedSeq) and step in (node.lc.data or {}):
            line = int(node.lc.data[step][0]) + 1
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def unique(entries: list[Entry], build: Callable[[Entry], Any], code: Callable[[Any], str]) -> dict[str, Any]:
    """Entries by their code; a code used twice is a problem of the second."""
    found: dict[str, Any] = {}
    for entry in entries:
        item = build(entry)
        name = code(item)
        if name in found:
            entry.note(
                "code", f"代码“{name}”已经用过。请改名。", f'The code "{name}" is already used. Rename it.'
            )
        found.setdefault(name, item)
    return found


def refer(entry: Entry, key: str, wanted: Collection[str], known: Collection[str], zh: str, en: str) -> None:
    """Note each of ``wanted`` that is not ``known``; ``zh`` and ``en`` say what kind of thing it should be."""
    for code in wanted:
        if code and code not in known:
            near = nearest(code, known)
            entry.note(key, f"“{key}”提到的{zh}“{code}”不存在。{near[0]}", f'"{key}" names {en} "{code}", which does not exist. {near[1]}')  # fmt: skip


def _has_aliases(loaded: Any, file: str, findings: Findings) -> bool:
    """Anchors are refused: they hide where a value stands, and can unfold to gigabytes."""
    seen: set[int] = set()
    stack = [loaded]
    while stack:
        node = stack.pop()
        if not isinstance(node, CommentedMap | CommentedSeq):
            continue
        if id(node) in seen or node.yaml_anchor() is not None:
            findings.note(
                file,
                int(node.lc.line) + 1,
                "不能使用 YAML 锚点（& 和 *）。请写全；表单中可用 $defs 与 $ref。",
                "YAML anchors (& and *) are not allowed. Write it out; forms may use $defs and $ref.",
            )
            return True
        seen.add(id(node))
        stack.extend(node.values() if isinstance(node, CommentedMap) else node)
    return False


def _shown(value: Any) -> str:
    text = "nothing" if value is None else repr(plain(value))
    return text if len(text) <= 60 else text[:57] + "…"
