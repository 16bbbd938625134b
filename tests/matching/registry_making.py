"""Small registries for tests: declarations as YAML, tables as Parquet, and a naive executor to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from lianban.engines.identifiers import comparison_key
from lianban.engines.identifiers.characters import compact
from lianban.engines.identifiers.checks import check_identifier
from lianban.engines.identifiers.credit_codes import check_character as credit_check
from lianban.engines.identifiers.credit_codes import organisation_check_character
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.identifiers.resident_ids import check_character
from lianban.engines.matching import Asked, NameCheck, Scope, load_registries

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SCOPE = Scope(frozenset({"vehicles", "shares", "houses"}), "law_1")

VEHICLES = """
code: vehicles
title: {zh: 机动车登记, en: Motor vehicles}
agency: police
source: {kind: parquet, path: vehicles.parquet}
keys:
  - {column: zjhm, kinds: [resident_id, credit_code], name: syr}
as_of: {column: gxsj}
fresh_hours: 48
accepts: [law_1]
answers:
  - question: vehicles
    fields: {plate: hphm, price: {column: jg, read: yuan}, registered_on: {column: djsj, read: date}}
"""

SHARES = """
code: shares
title: {zh: 市场主体登记, en: Business register}
agency: market
source: {kind: parquet, path: shares.parquet}
keys:
  - {column: xydm, kinds: [credit_code], name: qymc}
  - {column: gdzj, kinds: [resident_id], name: gdxm}
as_of: {declared: "2026-11-23T00:00:00+08:00"}
fresh_hours: 72
accepts: [law_1, law_2]
answers:
  - question: shares
    fields: {company: qymc, capital: {column: rje, read: yuan}}
"""


def resident(order: int, born: str = "19800214", area: str = "990100") -> str:
    """A valid resident number of area 99 (or another)."""
    digits = f"{area}{born}{order:03d}"
    return digits + check_character(digits)


def credit(number: int) -> str:
    """A valid credit code of area 99."""
    subject = f"{number:08d}"
    body = f"91990100{subject}{organisation_check_character(subject)}"
    return body + credit_check(body)


def old_number(order: int) -> str:
    """A 15-digit number of a real area, and so of nobody in particular: 330106 800214 followed by the order."""
    return f"330106800214{order:03d}"


def write(path: Path, columns: dict[str, Sequence[Any]], types: dict[str, str] | None = None) -> None:
    """A Parquet file; every column is text unless ``types`` says otherwise."""
    with duckdb.connect() as connection:
        declared = ", ".join(f'"{name}" {(types or {}).get(name, "VARCHAR")}' for name in columns)
        connection.execute(f"CREATE TABLE t ({declared})")
        rows = list(zip(*columns.values(), strict=True))
        if rows:
            connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def vehicles(data: Path, rows: Sequence[tuple[Any, Any]], when: str = "2026-11-23 08:00:00") -> None:
    """A table of (number, name); plates count up, prices are 1.50 yuan and on."""
    write(
        data / "vehicles.parquet",
        {
            "zjhm": [row[0] for row in rows],
            "syr": [row[1] for row in rows],
            "hphm": [f"浙J{place:05d}" for place in range(len(rows))],
            "jg": [f"{place + 1}.5" for place in range(len(rows))],
            "djsj": ["2020-02-29 10:11:12"] * len(rows),
            "gxsj": [when] * len(rows),
            "mz": ["never read"] * len(rows),
        },
        {"jg": "DECIMAL(12, 2)", "djsj": "TIMESTAMP", "gxsj": "TIMESTAMP"},
    )


def shares(data: Path, rows: Sequence[tuple[Any, Any, Any, Any]]) -> None:
    """A table of (credit code, company, shareholder's number, shareholder's name)."""
    columns = dict(zip(("xydm", "qymc", "gdzj", "gdxm"), zip(*rows, strict=True), strict=True)) if rows else {
        name: [] for name in ("xydm", "qymc", "gdzj", "gdxm")
    }  # fmt: skip
    write(
        data / "shares.parquet",
        {**columns, "rje": [place * 1000.01 for place in range(len(rows))]},
        {"rje": "DOUBLE"},
    )


def write_declarations(folder: Path, *declarations: str) -> None:
    folder.mkdir(exist_ok=True)
    for text in declarations:
        code = next(line for line in text.splitlines() if line.startswith("code:")).split(":")[1].strip()
        (folder / f"{code}.yaml").write_text(text, encoding="utf-8")


def declare(folder: Path, *declarations: str) -> dict[str, Any]:
    write_declarations(folder, *declarations)
    return load_registries(folder)


def naive(
    registry: Any, table: Sequence[Sequence[tuple[Any, Any]]], asked: Asked, *, demo: bool = True
) -> dict[int, NameCheck]:
    """The rows of a party by the rules as written, one row and one column after the other.

    ``table`` holds, for each row, the text and the name of each key column.
    """
    order = list(NameCheck)
    found: dict[int, NameCheck] = {}
    wanted, wanted_name = valid_number(asked.kind, asked.number, demo), comparison_key(asked.name)
    for row, cells in enumerate(table):
        for key, (text, name) in zip(registry.keys, cells, strict=True):
            if asked.kind not in key.kinds:
                continue
            text, name_key = text or "", comparison_key(name or "") if key.name else ""
            here = {kind: valid_number(kind, text, demo) for kind in key.kinds}
            check = None
            if wanted and here[asked.kind] == wanted:
                if not name_key or not wanted_name:
                    check = NameCheck.NAME_MISSING
                else:
                    check = NameCheck.CONFIRMED if name_key == wanted_name else NameCheck.NAME_DIFFERS
            elif not any(here.values()):
                if not wanted and compact(asked.number) and compact(asked.number) == compact(text):
                    check = NameCheck.KEY_INVALID
                elif wanted_name and wanted_name == name_key:
                    check = NameCheck.NAME_ONLY
            if check is not None:
                found[row] = min(check, found.get(row, check), key=order.index)
    return found


def valid_number(kind: IdentifierKind, text: str, demo: bool) -> str:
    """The normalised number, or nothing."""
    try:
        return check_identifier(kind, text, demo=demo).normalised
    except InvalidIdentifier:
        return ""


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)
