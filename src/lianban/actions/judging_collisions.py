"""What a collision settles, question by question, and what it leaves to a person.

A question is settled only where every registry that answers it is whole and fresh, each subject's number could be compared,
and every hit agrees in number and name. A registry that is late or broken, a name that differs, a number nobody can
compare: the question is left, with the reason, and is never answered with 无.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from lianban.engines import ledger
from lianban.engines.forms import FormRefused
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import REASON_WORDS, Asked, Collision, Hit, NameCheck, RegistryAnswer, Status
from lianban.engines.scenes import Question, Scene, answer_form
from lianban.engines.scenes.expansion import MAX_RECORDS
from lianban.records.collisions import HitRow

COMPARABLE = frozenset({IdentifierKind.RESIDENT_ID.value, IdentifierKind.CREDIT_CODE.value})
_KIND = {
    NameCheck.CONFIRMED: "exact", NameCheck.NAME_DIFFERS: "name_differs", NameCheck.NAME_MISSING: "name_missing",
    NameCheck.KEY_INVALID: "key_invalid", NameCheck.NAME_ONLY: "name_only",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """One party asked about: its place in the letter (from 1), and what is compared. Kept out of every log."""

    party: UUID
    place: int
    kind: str
    name: str = field(repr=False)
    id_kind: str = ""
    number: str = field(default="", repr=False)
    masked: str = ""

    @property
    def comparable(self) -> bool:
        return self.id_kind in COMPARABLE and bool(self.number)

    def asked(self) -> Asked:
        return Asked(str(self.party), IdentifierKind(self.id_kind), self.number, self.name)


@dataclass(slots=True)
class Judged:
    """``findings`` by question as the answer form has them; ``unsettled`` by question why; ``hits`` to keep."""

    findings: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsettled: dict[str, str] = field(default_factory=dict)
    registries: list[dict[str, Any]] = field(default_factory=list)
    hits: list[HitRow] = field(default_factory=list)
    as_of: datetime | None = None
    sources: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return sum(1 for hit in self.hits if hit.exact)

    @property
    def pending(self) -> int:
        return sum(1 for hit in self.hits if not hit.exact)

    @property
    def something(self) -> bool:
        """Whether a settled question was answered with 有."""
        return any(finding["found"] for finding in self.findings.values())


def judge(
    pack: Scene, letter_kind: str | None, questions: Iterable[Question], subjects: Sequence[Subject],
    collisions: Mapping[UUID, Collision], *, keep_fields: bool,
) -> Judged:  # fmt: skip
    """``collisions`` are by party. ``keep_fields`` where no letter's answer will hold what was found."""
    judged = Judged()
    asked: dict[str, RegistryAnswer] = {}
    for question in questions:
        _judge_question(judged, pack, letter_kind, question, subjects, collisions, asked, keep_fields)
    for answer in sorted(asked.values(), key=lambda one: one.registry):
        judged.registries.append(_said(answer))
    settled = [a for a in asked.values() if set(a.questions) & set(judged.findings) and a.as_of is not None]
    judged.as_of = min((a.as_of for a in settled if a.as_of), default=None)
    judged.sources = [a.title.zh for a in sorted(settled, key=lambda one: one.registry)]
    return judged


def _judge_question(
    judged: Judged, pack: Scene, letter_kind: str | None, question: Question, subjects: Sequence[Subject],
    collisions: Mapping[UUID, Collision], asked: dict[str, RegistryAnswer], keep_fields: bool,
) -> None:  # fmt: skip
    why, records, hits = "", [], []
    answered = False
    for subject in subjects:
        if subject.kind not in question.subjects:
            continue
        collision = collisions.get(subject.party)
        if collision is None or not collision.valid:
            why = why or "no_number"
        if collision is None:
            continue
        answers = [a for a in collision.about(question.code) if a.status is not Status.NOT_ASKED]
        if not answers:
            why = why or "no_registry"
        for answer in answers:
            answered = True
            _worst(asked, answer)
            if answer.status in (Status.LATE, Status.BROKEN):
                why = answer.status.value  # said before anything else: the registry is not to be relied on
                continue
            for hit in answer.hits:
                said = _plain(hit.fields.get(question.code, {}), question)
                hits.append(_hit(subject, question, answer, hit, said, keep_fields))
                if hit.confirmed:
                    records.append({"subject": subject.place, **said})
                else:
                    why = why or "to_confirm"
    if not answered:
        why = why or "no_registry"
    judged.hits += hits
    if why:
        judged.unsettled[question.code] = why
        return
    finding: dict[str, Any] = {"found": bool(records)}
    if records:
        finding["records"] = records[:MAX_RECORDS]
    if len(records) > MAX_RECORDS:
        finding["note"] = f"共 {len(records)} 条，列出前 {MAX_RECORDS} 条"
    if letter_kind is not None and not _permitted(pack, letter_kind, question, finding):
        judged.unsettled[question.code] = "values"
        return
    judged.findings[question.code] = finding


def _permitted(pack: Scene, letter_kind: str, question: Question, finding: Mapping[str, Any]) -> bool:
    """By the answer form itself: a value that a person could not send, a registry does not send either."""
    form = answer_form(pack, letter_kind, (question.code,))
    data = {
        "result": "yes" if finding["found"] else "no", "findings": {question.code: dict(finding)},
        "as_of": "2026-01-01T00:00:00+08:00", "source": "登记库", "signer": "登记库",
    }  # fmt: skip
    try:
        form.check(data)
    except FormRefused:
        return False
    return True


def _hit(
    subject: Subject, question: Question, answer: RegistryAnswer, hit: Hit, said: Mapping[str, Any], keep_fields: bool
) -> HitRow:  # fmt: skip
    kind = _KIND[hit.check]
    digest = ledger.digest(
        {"party": str(subject.party), "question": question.code, "registry": answer.registry, "kind": kind,
         "row": hit.row, "fields": {key: str(value) for key, value in said.items()}}
    )  # fmt: skip
    if kind == "exact":
        return HitRow(
            subject.party, question.code, answer.registry, kind, said if keep_fields else {}, digest, {}
        )
    asked = {"name": subject.name, "number": subject.masked}
    return HitRow(
        subject.party,
        question.code,
        answer.registry,
        kind,
        said,
        digest,
        asked,
        hit.name,
    )


def _plain(fields: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """Only the question's fields, as its form takes them; what is empty in the registry is left out."""
    plain: dict[str, Any] = {}
    for declared in question.fields:
        value = fields.get(declared.code)
        if value is None or value == "":
            continue
        match value:
            case datetime():
                value = value.date().isoformat() if declared.format == "date" else value.isoformat()
            case date():
                value = value.isoformat()
            case Decimal():
                value = int(value) if value == value.to_integral_value() else float(value)
        plain[declared.code] = str(value) if declared.format is None else value
    return plain


_ORDER = (Status.NONE, Status.HIT, Status.LATE, Status.BROKEN)


def _worst(asked: dict[str, RegistryAnswer], answer: RegistryAnswer) -> None:
    """Of several subjects' answers, the one that says the worst of the registry's state."""
    known = asked.get(answer.registry)
    if known is None or _ORDER.index(answer.status) > _ORDER.index(known.status):
        asked[answer.registry] = answer


def _said(answer: RegistryAnswer) -> dict[str, Any]:
    status = answer.status.value if answer.status in (Status.LATE, Status.BROKEN) else "ready"
    why = REASON_WORDS[answer.reason] if answer.reason else None
    return {
        "code": answer.registry, "zh": answer.title.zh, "en": answer.title.en, "status": status,
        "reason": answer.reason.value if answer.reason else "", "why_zh": why.zh if why else "", "why_en": why.en if why else "",
        "as_of": answer.as_of.isoformat() if answer.as_of else None, "questions": list(answer.questions),
    }  # fmt: skip
