"""Print a sealed letter: the official document, byte for byte the same whenever it is asked for.

It names its subjects with their whole numbers, as a letter on paper would, so printing is an unmasking and is
ledgered as one. The document is not stored: the letter's rows and the template give the same bytes again. What its
verification code is compared with is.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from lianban.actions import timing
from lianban.actions.acting import Acting
from lianban.actions.errors import LetterNotFound, NothingToDo
from lianban.engines import documents
from lianban.engines.clocks import Tag
from lianban.engines.clocks.moments import legal_date
from lianban.records import envelopes, history, letters, printed, scenes
from lianban.records.contents import content_of
from lianban.records.directory import directory
from lianban.records.envelopes import Sealed
from lianban.records.history import Entry
from lianban.records.letters import LetterRow, Letters


@lru_cache(maxsize=1)
def _typefaces() -> documents.Typefaces:
    return documents.find_typefaces(settings.PROJECT / "frontend" / ".parts")


@lru_cache(maxsize=32)
def _template(kind: str) -> documents.Template:
    return documents.load_template(documents.Kind(kind))


def print_letter(acting: Acting, letter_id: UUID) -> tuple[str, bytes]:
    """(document number, PDF). Raises :class:`LetterNotFound`, or :class:`NothingToDo` before it is sealed."""
    rows = Letters()
    with connection.cursor() as cursor:
        rows.read(cursor, [letter_id])
        letter = rows.rows.get(letter_id)
        if letter is None or acting.agency not in (letter.sender_id, letter.addressee_id):
            raise LetterNotFound
        kind = scenes.scene(letter.scene).letters[letter.kind]
        if letter.sealed_at is None or kind.document is None:
            raise NothingToDo(act="打印函件", reason_zh="该函尚未签章", reason="the letter is not sealed yet")
        subjects, parties = _subjects(cursor, letter)
        fields = _fields(cursor, letter, subjects)
        history.append_entries(
            cursor,
            acting.by,
            [Entry("letters.print", letter.matter_id, parties, {"letter": str(letter_id)})],
            acting.now,
        )
        template = _template(kind.document)
        mark = documents.verification(template, fields)
        printed.issue(
            cursor, mark.digest, letter.number, template.zh, letter.sender_id, letter.sealed_at, acting.now
        )
    pdf = documents.render_pdf(template, fields, fonts=_typefaces(), created_at=letter.sealed_at)
    return letter.number, pdf


def _subjects(cursor: Any, letter: LetterRow) -> tuple[list[str], tuple[UUID, ...]]:
    cursor.execute(
        """SELECT p.id, p.name, i.id, i.kind, i.data_key_id, i.sealed FROM letter_subject s
             JOIN party p ON p.id = s.party_id LEFT JOIN party_identifier i ON i.party_id = p.id
            WHERE s.content_id = %s ORDER BY p.id""",
        [letter.content_id],
    )
    shown, parties = [], []
    for party, name, identifier, kind, key, sealed in cursor.fetchall():
        number = envelopes.unseal(cursor, Sealed(key, bytes(sealed)), identifier) if identifier else ""
        shown.append(f"{name}，{_KINDS.get(kind, '证件号码')}：{number}" if number else name)
        parties.append(party)
    return shown, tuple(parties)


_KINDS = {"resident_id": "公民身份号码", "credit_code": "统一社会信用代码", "passport": "护照号码"}


def _fields(cursor: Any, letter: LetterRow, subjects: list[str]) -> dict[str, object]:
    pack = scenes.scene(letter.scene)
    kind = pack.letters[letter.kind]
    lookup = directory(cursor)
    assert letter.sealed_at is not None
    # Counted from the seal, so that the document stays the same; the running clock begins when the unit signs.
    due = timing.due(kind.clock, letter.sealed_at) if kind.clock else None
    basis = pack.legal_basis[letter.legal_basis]
    content = letters.content_of(cursor, letter)
    period = content.get("period") or {}
    return {
        "court": lookup.agencies[letter.sender_id].name_zh,
        "number": letter.number,
        "addressees": [lookup.agencies[letter.addressee_id].name_zh],
        "case_number": content.get("case_no", ""),
        "cause": content.get("cause") or content_of(cursor, letter.matter_id).get("cause", ""),
        "law": f"{_cited(basis.source)}{basis.article}",
        "subjects": subjects,
        "questions": [pack.questions[code].title.zh for code in letter.questions],
        "due": due.legal_date if due else legal_date(letter.sealed_at),
        "due_basis": "单位间约定，自签收之日起算的以平台时限为准"
        if due is None or due.in_version.source.tag is Tag.PRODUCT
        else due.in_version.source.law,
        "date": legal_date(letter.sealed_at),
        "contact": content.get("contact") or lookup.agencies[letter.sender_id].name_zh,
        "phone": "见协同平台",
        **(
            {"period": f"{_day(period['from'])}至{_day(period['to'])}"}
            if period.get("from") and period.get("to")
            else {}
        ),
        **({"remarks": [content["note"]]} if content.get("note") else {}),
    }


def _cited(source: str) -> str:
    """A law as a document cites it: its name in 《》, the edition after."""
    name, opening, edition = source.partition("（")
    return f"《{name}》{opening}{edition}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
