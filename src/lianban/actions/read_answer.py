"""Who read an answer is kept, so that its recall reaches everyone who did; each says that the recall was seen."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from lianban.actions.acting import Acting
from lianban.actions.errors import LetterNotFound, NothingToDo
from lianban.actions.permissions import require_reason
from lianban.records import answer_reads, history
from lianban.records.history import Entry
from lianban.records.matter_view import AnswerLine


def read_answer(acting: Acting, answers: Iterable[AnswerLine]) -> None:
    """Called by every page and answer that shows answers. A unit that sees its own answer is no reader of it."""
    shown = [one.id for one in answers if one.agency != acting.agency]
    if shown and acting.agency and acting.post:
        with connection.cursor() as cursor:
            answer_reads.keep(
                cursor, shown, agency=acting.agency, post=acting.post, officer=acting.officer, at=acting.now
            )


def acknowledge_recall(acting: Acting, read_id: UUID, remark: str) -> None:
    """The reader says what became of the work that rested on the recalled answer."""
    remark = require_reason("知悉撤回", remark)
    with connection.cursor() as cursor:
        line = answer_reads.by_id(cursor, read_id)
        if line is None or line.agency != acting.agency:
            raise LetterNotFound
        if not answer_reads.acknowledge(cursor, read_id, acting.now, remark):
            raise NothingToDo(
                act="知悉撤回",
                reason_zh="该反馈没有撤回，或已知悉",
                reason="it was not recalled, or is acknowledged",
            )
        history.append_entries(
            cursor, acting.by,
            [Entry("answer.recall_seen", line.matter, said={"answer": str(line.answer), "remark": remark})], acting.now,
        )  # fmt: skip
