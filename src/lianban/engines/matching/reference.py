"""The reference page of registries, its tables written from the code: ``python -m lianban.engines.matching.reference FILE [FOLDER]``.

FOLDER holds the declarations of the city that are listed. A test fails when the page is not what the code says.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lianban.engines.matching.declarations import load_registries
from lianban.engines.matching.registries import KEY_KINDS, Reading, Rows, SourceKind
from lianban.engines.matching.results import REASON_WORDS, NameCheck, Reason, Status
from lianban.engines.matching.synthetic import PER_MILLE, Trap

HEAD = """\
# Registries 登记库 and collisions 数据碰撞

<!-- Written by python -m lianban.engines.matching.reference from the code and the city's declarations. Do not edit. -->

How a registry is declared, what its key texts become, and what an answer may say. Why it is so:
docs/explanation/matching.md. The engine is `lianban.engines.matching`.

## One file a registry

`scenes/registries/CODE.yaml`; another folder with `LIANBAN_REGISTRIES`. A mistake is told with file, line, what was found
and what to do, all of them at once, and nothing loads.

```yaml
code: vehicles                      # the name of the file
title: {zh: 机动车登记, en: Motor vehicle register}
agency: police                      # who holds it and answers for it
source: {kind: parquet, path: vehicles.parquet}
rows: prepared                      # or source: no copy, read at the moment of asking
keys:                               # every column that identifies somebody, with the name beside it
  - {column: zjhm, kinds: [resident_id, credit_code], name: syr}
as_of: {column: gxsj}               # or {declared: "2026-11-01T00:00:00+08:00"}, or {file: true}
fresh_hours: 48                     # older than this it is late, and says so
accepts: [cpl_2023_253]             # legal bases, by the codes of the scenes that ask
answers:
  - question: vehicles              # a question of a scene, and the only fields that may leave for it
    fields:
      plate: hphm
      registered_on: {column: djrq, read: date}
      price: {column: jg, read: yuan}
```

Columns that are not declared are never read. A declaration that names a refused column (民族, 宗教, 政治面貌, 观点, 性格,
生物识别, 位置轨迹, 给人打分: docs/explanation/refusals.md), by its name, its pinyin, its initials or inside a query, does
not load.
"""

_SOURCES = {
    SourceKind.PARQUET: ("path", "`rows: source` reads by row number, in milliseconds"),
    SourceKind.CSV: ("path", "with a header; UTF-8 or GB 18030; every column is text; `prepared` only"),
    SourceKind.DUCKDB: ("path, table", ""),
    SourceKind.SQLITE: ("path, table", "a row is found again by its rowid"),
    SourceKind.POSTGRESQL: (
        "server, table or query, row_key",
        "read only, in one snapshot; a query writes out its columns",
    ),
    SourceKind.REST: (
        "server, row_key",
        "the service's side of the agreement is in records/registry_rest.py",
    ),
}
_READINGS = {
    Reading.AS_IS: "as it is; dates and times become texts, decimals numbers",
    Reading.YUAN: "yuan with decimals, to integer fen, half a fen up",
    Reading.DATE: "a date and time, or a text YYYY-MM-DD…, to a date",
    Reading.TEXT: "a number that is a code, to text",
}
_TEXTS = (
    ("a valid 18-character number or code", "64 or 128 bits, without loss", "found by it"),
    ("the same in full width, with spaces, with a small x", "the same key", "found by it"),
    ("a valid 15-digit number", "the key of the 18-digit number that replaced it", "found by it"),
    ("valid as both kinds", "both keys", "found by either"),
    ("anything else that is not blank", "its compact text", "found by an equal text that is no valid number either, for a person"),
    ("blank, or nothing but spaces", "none", "found by name only"),
    ("the same number in several rows", "one key, several rows", "every row is a hit"),
    ("a number of area 99", "valid in demo mode, else any other text", ""),
)  # fmt: skip
_CHECKS = {
    NameCheck.CONFIRMED: ("valid and equal", "equal", "may be answered without a person"),
    NameCheck.NAME_DIFFERS: ("valid and equal", "another", "to a person"),
    NameCheck.NAME_MISSING: ("valid and equal", "missing on one side", "to a person"),
    NameCheck.KEY_INVALID: ("equal texts, no valid number", "any", "to a person"),
    NameCheck.NAME_ONLY: (
        "the row's is blank or invalid",
        "equal",
        "to a person; only where the scope asks by name",
    ),
}
_STATES = {
    Status.HIT: "hits; the registry is whole and fresh",
    Status.NONE: "查无: whole, fresh, and there is nothing",
    Status.LATE: "what it knew is given; that it has no hit says nothing",
    Status.BROKEN: "no answer can be given; never 查无",
    Status.NOT_ASKED: "not opened at all",
}


def render(declarations: Path) -> str:
    """The page as Markdown."""
    parts = [HEAD, "## Sources\n", "| Kind | Keys | |", "|---|---|---|"]
    parts += [
        f"| `{kind}` | {keys} | {remark} |" for kind, (keys, remark) in ((k, _SOURCES[k]) for k in SourceKind)
    ]
    parts += [
        "",
        "`path` is below `LIANBAN_REGISTRY_DATA`. `server` is a name in the file `LIANBAN_REGISTRY_SERVERS`, which says where it "
        "is and with which token, and which its owner alone may read. Kinds of key: "
        + ", ".join(f"`{kind}`" for kind in KEY_KINDS)
        + ". MySQL, Oracle and others are refused until somebody writes their `Table` (engines/matching/sources.py).",
        "",
        "| `rows` | |",
        "|---|---|",
        f"| `{Rows.PREPARED}` | names and permitted fields are prepared beside the index, in files of their owner alone |",
        f"| `{Rows.SOURCE}` | nothing but keys is kept; a row that is another's by now is no hit |",
        "",
        "| `read` | |",
        "|---|---|",
        *(f"| `{reading}` | {_READINGS[reading]} |" for reading in Reading),
        "",
        "## What a key text becomes\n",
        "| Text | Key | Row |",
        "|---|---|---|",
        *(f"| {text} | {key} | {row} |" for text, key, row in _TEXTS),
        "",
        "A row with a valid number of somebody else is never a hit, whatever its name.",
        "",
        "## How a row was recognised\n",
        "| Check | Number | Name | |",
        "|---|---|---|---|",
        *(f"| `{check}` | {' | '.join(_CHECKS[check])} |" for check in NameCheck),
        "",
        "Two names are equal if they differ only in width, case, dots, spaces, brackets and glyph variants "
        "(docs/reference/identifiers.md). A row reached in several ways counts once, by the first of these that holds.",
        "",
        "## What a registry answers\n",
        "| Status | |",
        "|---|---|",
        *(f"| `{status}` | {_STATES[status]} |" for status in Status),
        "",
        "| Reason | 中文 | English |",
        "|---|---|---|",
        *(f"| `{reason}` | {REASON_WORDS[reason].zh} | {REASON_WORDS[reason].en} |" for reason in Reason),
        "",
        "## The demo city's registries\n",
        "| Registry | Agency | Source | Rows | Fresh for | Fields |",
        "|---|---|---|---|---|---|",
    ]
    for registry in load_registries(declarations).values():
        fields = ", ".join(field.field for answering in registry.answers for field in answering.fields)
        parts.append(
            f"| {registry.title.zh} {registry.title.en} `{registry.code}` | {registry.agency} | {registry.source.kind} | "
            f"{registry.rows} | {registry.fresh_hours} h | {fields} |"
        )
    planted = ", ".join(f"{trap} {share} ‰" for trap, share in PER_MILLE.items() if trap is not Trap.NONE)
    parts += ["", f"Their rows are made up from a seed (`make_registries`), with planted: {planted}; one table is ninety days old, one lacks a declared column."]  # fmt: skip
    return "\n".join(parts) + "\n"


def main() -> None:
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("scenes") / "registries"
    Path(sys.argv[1]).write_text(render(folder), encoding="utf-8")


if __name__ == "__main__":
    main()
