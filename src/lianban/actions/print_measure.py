"""Print what controls property: the ruling 执行裁定书 and the notice to assist 协助执行通知书, of an order, a renewal, a release.

The same bytes whenever it is asked for, by the court and by the unit it went to. It names the owner with the whole number,
so printing is an unmasking and is ledgered as one; the document's verification code is registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.measure_errors import MeasureNotFound
from lianban.actions.order_measure import act_words
from lianban.engines import documents
from lianban.engines.clocks.moments import legal_date
from lianban.engines.documents.numerals import arabic_date, yuan
from lianban.records import envelopes, history, measures, people, printed
from lianban.records.directory import directory
from lianban.records.envelopes import Sealed
from lianban.records.history import Entry
from lianban.records.measures import MeasureRow

LAW = "《中华人民共和国民事诉讼法》（2023年修正）第二百五十三条、第二百五十五条"
_IDENTIFIERS = {"resident_id": "公民身份号码", "credit_code": "统一社会信用代码", "passport": "护照号码"}
_TITLES = {
    "excess": "超标的部分应当解除", "performed": "债务已经清偿", "security": "已提供充分担保", "third_party": "查明系案外人财产",
    "withdrawn": "申请人撤回申请", "exempt": "属于不得控制的财产", "other": "已无继续控制的必要",
}  # fmt: skip


class Paper(StrEnum):
    """Which document: the ruling is the court's own, the notice goes to the unit with it."""

    RULING = "ruling"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class _Said:
    """What one order, renewal or release says."""

    number: str
    at: datetime
    orders: tuple[str, ...]
    facts: str
    term: str
    officer: UUID | None


def print_measure(acting: Acting, measure: UUID, paper: Paper, of: UUID | None = None) -> tuple[str, bytes]:
    """(document number, PDF) of the order, or of the renewal or release ``of``.

    Raises :class:`MeasureNotFound`, or :class:`NothingToDo` for a renewal that nobody has signed.
    """
    with connection.cursor() as cursor:
        row = measures.by_ids(cursor, [measure]).get(measure)
        if row is None or acting.agency not in (row.lead_agency, row.unit):
            raise MeasureNotFound
        said = _order(row) if of is None else _later(cursor, row, of)
        paper_of = _case(cursor, measure)
        owners, subjects = _owner(cursor, row)
        template = _template(_KINDS[paper])
        fields = (_ruling if paper is Paper.RULING else _notice)(cursor, row, said, paper_of, owners)
        history.append_entries(
            cursor, acting.by,
            [Entry("measures.print", row.matter, subjects,
                   {"measure": str(measure), "paper": paper.value, "of": str(of or "")})],
            acting.now,
        )  # fmt: skip
        mark = documents.verification(template, fields)
        printed.issue(cursor, mark.digest, said.number, template.zh, row.lead_agency, said.at, acting.now)
    pdf = documents.render_pdf(template, fields, fonts=_typefaces(), created_at=said.at)
    return said.number, pdf


_KINDS = {Paper.RULING: documents.Kind.ENFORCEMENT_RULING, Paper.NOTICE: documents.Kind.ASSISTANCE_NOTICE}


@lru_cache(maxsize=1)
def _typefaces() -> documents.Typefaces:
    return documents.find_typefaces(settings.PROJECT / "frontend" / ".parts")


@lru_cache(maxsize=4)
def _template(kind: documents.Kind) -> documents.Template:
    return documents.load_template(kind)


def _order(row: MeasureRow) -> _Said:
    word = act_words(row.kind)
    term = ""
    if row.printed_end is not None:
        term = f"自{arabic_date(row.ordered_on)}起至{arabic_date(row.printed_end)}止"
    what = f"{word}{row.asset_name}（编号：{row.asset_key}），以人民币{yuan(row.ceiling_fen)}为限"
    return _Said(
        row.number,
        row.ordered_at,
        (what,),
        "因未履行生效法律文书确定的义务，需要控制其财产。",
        term,
        row.officer,
    )


def _later(cursor: Any, row: MeasureRow, of: UUID) -> _Said:
    """A renewal or a release of this measure."""
    word = act_words(row.kind)
    for line in measures.renewals_of(cursor, [row.id]).get(row.id, ()):
        if line.id == of:
            if line.signed_at is None or line.printed_end is None:
                raise NothingToDo(
                    act="打印续行文书", reason_zh="该续行尚未签发", reason="the renewal is not signed"
                )
            until = arabic_date(line.printed_end)
            what = f"继续{word}{row.asset_name}（编号：{row.asset_key}）至{until}"
            return _Said(line.number, line.signed_at, (what,), f"本院{row.number}裁定的{word}期限将届满，需要继续控制。",
                         f"至{until}止", row.officer)  # fmt: skip
    for release in measures.releases_of(cursor, [row.id]).get(row.id, ()):
        if release.id == of:
            part = f"中人民币{yuan(release.amount_fen)}部分" if release.amount_fen else ""
            what = f"解除对{row.asset_name}（编号：{row.asset_key}）{part}的{word}"
            return _Said(
                release.number, release.ordered_at, (what,), f"{_TITLES[release.ground]}：{release.reason}。", "",
                row.officer,
            )  # fmt: skip
    raise MeasureNotFound


def _case(cursor: Any, measure: UUID) -> dict[str, Any]:
    cursor.execute("SELECT lianban.order_paper(%s)", [measure])
    found = cursor.fetchone()[0]
    return dict(orjson.loads(found) if isinstance(found, str) else found)


def _owner(cursor: Any, row: MeasureRow) -> tuple[list[str], tuple[UUID, ...]]:
    """The owner of the asset with the whole number, as on paper; nobody where the asset names none."""
    cursor.execute(
        """SELECT p.id, p.name, i.id, i.kind, i.data_key_id, i.sealed FROM party p
             LEFT JOIN party_identifier i ON i.party_id = p.id
            WHERE p.matter_id = %s AND lianban.owns(p.id, %s) ORDER BY p.id""",
        [row.matter, row.id],
    )
    shown, parties = [], []
    for party, name, identifier, kind, key, sealed in cursor.fetchall():
        number = envelopes.unseal(cursor, Sealed(key, bytes(sealed)), identifier) if identifier else ""
        shown.append(f"{name}，{_IDENTIFIERS.get(kind, '证件号码')}：{number}" if number else name)
        parties.append(party)
    return shown, tuple(parties)


def _ruling(
    cursor: Any, row: MeasureRow, said: _Said, case: dict[str, Any], owners: list[str]
) -> dict[str, object]:
    return {
        "court": directory(cursor).agencies[row.lead_agency].name_zh,
        "number": said.number,
        "creditors": case["creditors"] or ["（见案卷）"],
        "debtors": owners or case["debtors"] or ["（见案卷）"],
        "cause": case["cause"] or "执行",
        "basis_document": case["basis_no"] or case["number"],
        "facts": said.facts,
        "law": LAW,
        "orders": list(said.orders),
        "bench": [{"role": "审判员", "name": people.name(cursor, said.officer) or "（签署人见电子签名）"}],
        "clerks": [{"role": "书记员", "name": "（见案卷）"}],
        "date": legal_date(said.at),
    }


def _notice(
    cursor: Any, row: MeasureRow, said: _Said, case: dict[str, Any], owners: list[str]
) -> dict[str, object]:
    lookup = directory(cursor)
    court = lookup.agencies[row.lead_agency].name_zh
    return {
        "court": court,
        "number": said.number,
        "addressee": lookup.agencies[row.unit].name_zh,
        "creditor": "、".join(case["creditors"]) or "申请执行人",
        "debtor": "、".join(owners or case["debtors"]) or "被执行人",
        "cause": case["cause"] or "执行",
        "basis_document": case["basis_no"] or case["number"],
        "law": LAW,
        "orders": list(said.orders),
        "attachments": [f"{said.number}执行裁定书"],
        "date": legal_date(said.at),
        "contact": people.name(cursor, said.officer) or court,
        "phone": "见协同平台",
        **({"term": said.term} if said.term else {}),
    }
