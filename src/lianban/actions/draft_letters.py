"""起草: one letter for each unit, with the questions that this unit answers, on a legal basis in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lianban.actions.abilities import Completing, Outcome, completes
from lianban.actions.errors import LetterWithoutLegalBasis, QuestionNotAnswered
from lianban.actions.work import MatterRow, Work
from lianban.engines.clocks.moments import legal_date
from lianban.engines.scenes import LetterKind, Scene
from lianban.records import people, scenes
from lianban.records.contents import content_of
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow


@completes("letters.draft")
def draft_letters(completing: Completing) -> Outcome:
    """Make the letters, or remake those that are still drafts (after the judge returned them)."""
    work, matter = completing.work, completing.matter
    pack = scenes.scene(matter.scene)
    asked = {**content_of(work.cursor, matter.id), **completing.data}
    kind = _kind(pack, asked)
    basis = _basis(pack, kind, asked.get("legal_basis"), completing)
    units = list(dict.fromkeys(asked.get("units", [])))
    drafts = {row.addressee_id: row for row in work.letters.of_matter(work.cursor, matter.id)}
    kept: set[UUID] = set()
    content = {key: asked[key] for key in ("period", "note", "case_no", "cause", "urgent") if asked.get(key)}
    # Whom the units may ask: the officer who drafted it, by name, fixed with the letters.
    content["contact"] = people.name(work.cursor, work.acting.officer)
    subjects = _subjects(work, matter)
    said = work.letters.say(matter.id, matter.lead_agency, content, subjects)
    for code in units:
        addressee = work.directory.agency(code)
        questions = _questions(pack, kind, addressee.kind, addressee.code, asked.get("questions", []))
        kept.add(addressee.id)
        if (draft := drafts.get(addressee.id)) is not None:
            # A unit that was left out and is taken in again has its draft back.
            work.letters.change(draft, legal_basis=basis, questions=questions, content_id=said, state="draft",
                                withdrawn_at=None)  # fmt: skip
            continue
        letter = LetterRow(
            new_id(), matter.id, None, pack.name, kind.code, "", matter.lead_agency, addressee.id, basis, questions,
            said, "draft", completing.at,
        )  # fmt: skip
        work.letters.add(letter)
    _drop_left_out(work, matter, drafts, kept, completing)
    work.letters.write(work.cursor)
    return Outcome(
        variables={**completing.data, "units": units},
        said={"letters": len(units), "legal_basis": basis, "units": units},
        shown={"letters": len(units)},
        subjects=subjects,
    )


def _kind(pack: Scene, asked: Mapping[str, Any]) -> LetterKind:
    return pack.letters[asked.get("letter_kind") or next(iter(pack.letters))]


def _basis(pack: Scene, kind: LetterKind, given: Any, completing: Completing) -> str:
    day = legal_date(completing.at)
    usable = pack.bases_for(kind.code, day)
    if given not in {basis.code for basis in usable}:
        known = "；".join(f"{basis.code}（{basis.title.zh}）" for basis in usable)
        raise LetterWithoutLegalBasis(found=str(given or "")[:80], day=day.isoformat(), known=known or "—")
    return str(given)


def _questions(pack: Scene, kind: LetterKind, agency_kind: str, agency: str, wanted: list[str]) -> list[str]:
    answered = [question.code for question in pack.questions_for(kind.code, agency_kind)]
    asked = [code for code in answered if not wanted or code in wanted]
    if not asked:
        raise QuestionNotAnswered(
            agency=agency, questions="、".join(wanted), known="、".join(answered) or "—"
        )
    return asked


def _drop_left_out(
    work: Work, matter: MatterRow, drafts: Mapping[UUID, LetterRow], kept: set[UUID], completing: Completing
) -> None:
    for addressee, draft in drafts.items():
        if addressee not in kept and draft.state == "draft":
            work.letters.change(draft, state="withdrawn", withdrawn_at=completing.at)


def _subjects(work: Work, matter: MatterRow) -> tuple[UUID, ...]:
    """Every party of the matter is a subject of its letters: the form asks for no others."""
    work.cursor.execute("SELECT id FROM party WHERE matter_id = %s", [matter.id])
    return tuple(row[0] for row in work.cursor.fetchall())
