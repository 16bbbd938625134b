"""A city whose police, land and tax agencies have registries: small Parquet tables, declared, built, enrolled.

Registries speak of now, and the database decides by its own clock what is expired: these tests act at the present moment.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg

BASIS = "cpl_2023_253"

VEHICLES = """
code: vehicles
title: {zh: 机动车登记库, en: Motor vehicles}
agency: police
source: {kind: parquet, path: vehicles.parquet}
keys:
  - {column: zjhm, kinds: [resident_id, credit_code], name: syr}
as_of: {column: gxsj}
fresh_hours: 48
accepts: [cpl_2023_253]
answers:
  - question: vehicles
    fields: {plate: hphm, model: ppxh, registered_on: {column: djsj, read: date}}
"""
TAX = """
code: taxpayers
title: {zh: 税务登记库, en: Taxpayers}
agency: tax
source: {kind: parquet, path: taxpayers.parquet}
keys:
  - {column: zjhm, kinds: [resident_id, credit_code], name: xm}
as_of: {column: gxsj}
fresh_hours: 48
accepts: [cpl_2023_253]
answers:
  - question: tax
    fields: {taxpayer: xm, registration_status: zt, refund_due: {column: yt, read: yuan}}
"""
LAND = """
code: real_estate
title: {zh: 不动产登记库, en: Real estate}
agency: natural_resources
source: {kind: parquet, path: real_estate.parquet}
keys:
  - {column: zjhm, kinds: [resident_id, credit_code], name: qlr}
as_of: {column: gxsj}
fresh_hours: 48
accepts: [cpl_2023_253]
rows: source
answers:
  - question: real_estate
    fields: {certificate_no: zh, situated_at: zl, share: gy}
"""
TABLES = {
    "vehicles": (("zjhm", "syr", "hphm", "ppxh", "djsj", "gxsj"), VEHICLES),
    "taxpayers": (("zjhm", "xm", "zt", "yt", "gxsj"), TAX),
    "real_estate": (("zjhm", "qlr", "zh", "zl", "gy", "gxsj"), LAND),
}
TYPES = {"gxsj": "TIMESTAMPTZ", "djsj": "DATE", "yt": "DECIMAL(18,2)"}
AGENCIES = ("police", "tax", "natural_resources")


def now() -> datetime:
    return datetime.now(UTC)


class Registered:
    """The city with its registries. ``put`` says what a table holds, ``build`` indexes and enrols."""

    def __init__(self, city: Any, folder: Path) -> None:
        self.city, self.folder = city, folder
        self.tables = folder / "tables"
        self.declarations = folder / "declared"
        self.tables.mkdir()
        self.declarations.mkdir()

    def put(self, name: str, *rows: tuple[Any, ...], as_of: datetime | None = None, agency: str = "") -> None:
        """Rows without their last column, which is the as-of time (an hour ago)."""
        columns, declaration = TABLES[name]
        if agency:
            declaration = declaration.replace("agency: ", f"agency: {agency} #", 1)
        (self.declarations / f"{name}.yaml").write_text(declaration, "utf-8")
        moment = as_of or now() - timedelta(hours=1)
        with duckdb.connect() as connection:
            typed = ", ".join(f"{column} {TYPES.get(column, 'VARCHAR')}" for column in columns)
            connection.execute(f"CREATE TABLE t ({typed})")
            filler = ("990100190001010000", "无关人") + (None,) * (len(columns) - 3)
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO t VALUES ({marks})", [(*row, moment) for row in (filler, *rows)]
            )
            connection.execute(f"COPY t TO '{self.tables / name}.parquet' (FORMAT parquet)")

    def build(self, enrol: tuple[str, ...] = AGENCIES) -> Any:
        from lianban.actions.build_registries import build_registries

        return self.as_owner(lambda cursor: build_registries(cursor, now()))

    def as_owner(self, do: Any) -> Any:
        from django.db import connections, transaction

        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            return do(cursor)

    # --- short words

    def sent(self, units=("police",), questions=("vehicles",), names=("温清和",), **more: Any) -> Any:
        """A matter whose letters are delivered now."""
        matter = self.city.open(units, list(questions), names, at=now(), **more)
        self.city.send(matter, now())
        return matter

    def number(self, place: int = 0) -> str:
        return self.city.person(place).id_number

    def answers(self, matter: Any, unit: str) -> list[dict[str, Any]]:
        """The answers of a unit's letter, oldest first, as the superuser sees them."""
        rows = self.city.rows(
            "SELECT a.id, a.result, a.data, a.as_of, a.source, a.officer_id, a.post_id, a.collision_id, a.state, a.round"
            " FROM answer a WHERE a.letter_id = %s ORDER BY a.round", self.city.letter(matter, unit),
        )  # fmt: skip
        names = ("id", "result", "data", "as_of", "source", "officer", "post", "collision", "state", "round")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def as_app(self, username: str) -> psycopg.Connection:
        """A connection as the app role in an officer's session: what a forged statement would run on."""
        connection = self.city.connect("app")
        connection.execute("SELECT lianban.enter(%s)", [self.city.session(username)])
        return connection

    def entries(self, act: str) -> list[dict[str, Any]]:
        import orjson

        return [orjson.loads(text) for text in self.city.column(
            "SELECT payload FROM ledger_entry WHERE act = %s ORDER BY recorded_at, id", act)]  # fmt: skip


@contextmanager
def registered(city: Any, folder: Path):
    from django.conf import settings

    from lianban.records import registries

    made = Registered(city, folder)
    before = settings.REGISTRIES, settings.REGISTRY_DATA, settings.DATA_FOLDER
    settings.REGISTRIES, settings.REGISTRY_DATA = made.declarations, made.tables
    settings.DATA_FOLDER = folder / "data"
    settings.DATA_FOLDER.mkdir()
    registries.close_index()
    try:
        yield made
    finally:
        registries.close_index()
        settings.REGISTRIES, settings.REGISTRY_DATA, settings.DATA_FOLDER = before
