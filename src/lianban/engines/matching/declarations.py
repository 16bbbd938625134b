"""Reads the declarations of registries: one YAML file each, in one folder (docs/reference/registries.md)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching.errors import RegistriesRefused
from lianban.engines.matching.registries import (
    FILES,
    KEY_KINDS,
    Answering,
    AsOf,
    FieldColumn,
    KeyColumn,
    Reading,
    Registry,
    Rows,
    Source,
    SourceKind,
)
from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Entry, Findings, plain, read_entry, refer, unique
from lianban.engines.scenes.refusals import refused

MAX_KEYS = 16  # a posting has four bits for the key column
MAX_FRESH_HOURS = 24 * 366 * 2
_WORDS_OF_A_QUERY = re.compile(r"[A-Za-z_]\w*|[\u3400-\u9fff]+")
# Named in DESIGN.md and not read yet: an adapter is a Table and an Opener (sources.py).
_NOT_YET = {"mysql", "oracle", "dm", "kingbase"}


class KeyKind(StrEnum):
    """The kinds of identifier that can be matched."""

    RESIDENT_ID = IdentifierKind.RESIDENT_ID.value
    CREDIT_CODE = IdentifierKind.CREDIT_CODE.value


def load_registries(
    folder: Path | str,
    *,
    agencies: Collection[str] | None = None,
    questions: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Registry]:
    """The registries declared in ``folder`` (every ``*.yaml``), by code, sorted.

    ``agencies`` are the codes that may hold one and ``questions`` maps each known question to its fields;
    where given, what a declaration names is checked against them. Raises
    :class:`~lianban.engines.matching.errors.RegistriesRefused` with every problem of every file.
    """
    root, findings = Path(folder), Findings()
    files = sorted(root.glob("*.yaml"))
    if not files:
        findings.note(root.name, 0, "文件夹中没有登记库声明（*.yaml）。", "The folder holds no declarations (*.yaml).")  # fmt: skip
    heads = [head for path in files if (head := read_entry(path, path.name, findings)) is not None]
    found: dict[str, Registry] = unique(
        heads, lambda head: _registry(head, agencies, questions), lambda registry: registry.code
    )
    if findings:
        raise RegistriesRefused.of(root.name, findings.problems)
    return dict(sorted(found.items()))


def _registry(
    head: Entry, agencies: Collection[str] | None, questions: Mapping[str, Collection[str]] | None
) -> Registry:
    head.only(
        *("code", "title", "agency", "source", "rows", "keys"),
        *("as_of", "fresh_hours", "accepts", "answers"),
    )
    code, title, agency = head.code(), head.words("title"), head.code("agency")
    if code and code != PurePosixPath(head.file).stem:
        head.note("code", f"代码“{code}”应与文件名“{head.file}”一致。", f'The code "{code}" must be the name of the file, "{head.file}".')  # fmt: skip
    if agencies is not None:
        refer(head, "agency", (agency,), agencies, "单位", "an agency")
    within = (code, title.zh, title.en)
    rows = head.choice("rows", Rows) if "rows" in head.data else Rows.PREPARED
    source = _source(head, rows)
    keys = tuple(_key(entry, within) for entry in head.entries("keys"))
    if len(keys) > MAX_KEYS:
        head.note("keys", f"键列最多 {MAX_KEYS} 个，现为 {len(keys)} 个。", f"At most {MAX_KEYS} key columns; found {len(keys)}.")  # fmt: skip
    answers: dict[str, Answering] = {}
    for entry in head.entries("answers"):
        answering = _answering(entry, within, questions)
        if answering.question in answers:
            entry.note("question", f"事项“{answering.question}”重复。请合并。", f'The question "{answering.question}" stands twice. Merge the two.')  # fmt: skip
        answers[answering.question] = answering
    return Registry(
        code=code,
        title=title,
        agency=agency,
        source=source,
        keys=keys,
        answers=tuple(answers.values()),
        accepts=frozenset(head.codes("accepts")),
        as_of=_as_of(head, source, within),
        fresh_hours=head.whole("fresh_hours", least=1, most=MAX_FRESH_HOURS),
        rows=rows,
        hash=hashlib.sha256(json.dumps(plain(head.data), sort_keys=True).encode()).hexdigest(),
    )


def _source(head: Entry, rows: Rows) -> Source:
    entry = head.entry("source")
    if entry is None:
        return Source(SourceKind.PARQUET, "")
    if entry.data.get("kind") in _NOT_YET:
        name = entry.data["kind"]
        entry.note(
            "kind",
            f"尚不支持 {name}。请改用 parquet、csv、postgresql 或 rest 导出，或编写适配器（matching/sources.py 的 Table）。",
            f"{name} is not read yet. Export to parquet, csv, postgresql or rest, or write an adapter (Table in matching/sources.py).",
        )
        return Source(SourceKind.PARQUET, "")
    kind = entry.choice("kind", SourceKind)
    if kind in FILES:
        entry.only("kind", "path", *(("table",) if kind in (SourceKind.DUCKDB, SourceKind.SQLITE) else ()), "row_key")  # fmt: skip
        location = _path(entry)
    else:
        entry.only("kind", "server", "table", "query", "row_key")
        location = entry.code("server")
    table, query = entry.text("table", default=""), entry.text("query", default="")
    if kind in (SourceKind.DUCKDB, SourceKind.SQLITE) and not table:
        entry.note("table", "缺少“table”：数据库文件中的表名。", '"table" is missing: the table inside the database file.')  # fmt: skip
    if kind is SourceKind.POSTGRESQL and bool(table) == bool(query):
        entry.note(
            "table", "请在“table”和“query”中恰好填写一项。", 'Give exactly one of "table" and "query".'
        )
    _check_query(entry, query)
    row_key = _column(entry, "row_key", (), required=False)
    if rows is Rows.SOURCE and (kind is SourceKind.CSV or (kind not in FILES and not row_key)):
        entry.note(
            "row_key",
            "rows: source 要求能按行取数：CSV 不能，数据库和服务须有整数主键 row_key。请补充，或改用 rows: prepared。",
            "rows: source needs a way to find one row again: a CSV has none, a server needs row_key, its whole-number "
            "primary key. Name it, or use rows: prepared.",
        )
    return Source(kind, location, table, query, row_key)


def _path(entry: Entry) -> str:
    path = entry.text("path")
    if path and (PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts):
        entry.note(
            "path",
            f"“{path}”应为数据文件夹之内的相对路径。",
            f'"{path}" must be a path below the data folder, without "..".',
        )
    return path


def _check_query(entry: Entry, query: str) -> None:
    if not query:
        return
    if "*" in query or not query.lower().lstrip().startswith("select") or ";" in query:
        entry.note(
            "query",
            "“query”应为一条逐一写明列名的 SELECT，不含 * 和分号。",
            '"query" must be one SELECT that writes out its columns, without * and semicolons.',
        )
    for word in _WORDS_OF_A_QUERY.findall(query):
        if hit := refused(word):
            entry.note("query", hit.zh, hit.en)


def _column(entry: Entry, key: str, within: tuple[str, ...], *, required: bool = True) -> str:
    """A column's name; one that is refused is noted, and so is never read."""
    name = entry.text(key) if required else entry.text(key, default="")
    if name and (hit := refused(name, within=within)):
        entry.note(key, hit.zh, hit.en)
    return name


def _key(entry: Entry, within: tuple[str, ...]) -> KeyColumn:
    entry.only("column", "kinds", "name")
    kinds = []
    for value in entry.codes("kinds"):
        if value in KEY_KINDS:
            kinds.append(IdentifierKind(value))
        else:
            near = nearest(value, KEY_KINDS)
            entry.note(
                "kinds", f"“{value}”不能用于碰撞。{near[0]}", f'"{value}" cannot be matched. {near[1]}'
            )
    return KeyColumn(
        _column(entry, "column", within), tuple(kinds), _column(entry, "name", within, required=False)
    )


def _answering(
    entry: Entry, within: tuple[str, ...], questions: Mapping[str, Collection[str]] | None
) -> Answering:
    entry.only("question", "fields")
    question = entry.code("question")
    if questions is not None:
        refer(entry, "question", (question,), questions, "查询事项", "a question")
    fields = []
    mapping = entry.entry("fields")
    for name in mapping.data if mapping is not None else ():
        assert mapping is not None
        if questions is not None and question in questions:
            refer(mapping, name, (str(name),), questions[question], "查询字段", "a field of the question")
        if hit := refused(str(name), within=within):
            mapping.note(name, hit.zh, hit.en)
        fields.append(_field(mapping, str(name), within))
    return Answering(question, tuple(fields))


def _field(mapping: Entry, name: str, within: tuple[str, ...]) -> FieldColumn:
    if not isinstance(mapping.data[name], Mapping):
        return FieldColumn(name, _column(mapping, name, within))
    entry = mapping.entry(name)
    assert entry is not None
    entry.only("column", "read")
    reading = entry.choice("read", Reading) if "read" in entry.data else Reading.AS_IS
    return FieldColumn(name, _column(entry, "column", within), reading)


def _as_of(head: Entry, source: Source, within: tuple[str, ...]) -> AsOf:
    entry = head.entry("as_of")
    if entry is None:
        return AsOf()
    entry.only("column", "declared", "file")
    given = [key for key in ("column", "declared", "file") if entry.data.get(key)]
    if len(given) != 1:
        entry.note(None, "“as_of”须恰好写明 column、declared、file 之一。", '"as_of" needs exactly one of column, declared, file.')  # fmt: skip
        return AsOf()
    if given == ["column"]:
        return AsOf(column=_column(entry, "column", within))
    if given == ["declared"]:
        return AsOf(declared=_moment(entry))
    if source.kind not in FILES:
        entry.note("file", "只有文件才有文件时间。请改用 column 或 declared。", "Only a file has a time of its own. Use column or declared.")  # fmt: skip
    return AsOf()


def _moment(entry: Entry) -> datetime | None:
    text = entry.text("declared")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        entry.note(
            "declared",
            f"“{text}”应为带时区的时刻，如 2026-11-01T00:00:00+08:00。",
            f'"{text}" must be a moment with its offset, like 2026-11-01T00:00:00+08:00.',
        )
        return None
    return moment
