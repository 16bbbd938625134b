"""What ``scene.yaml`` declares, entry by entry: roles, stages, legal bases, questions, letters, retention."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lianban.engines.documents.template import Kind as DocumentKind
from lianban.engines.forms import FORMATS, Words
from lianban.engines.scenes.abilities import MATTER_ACTS, RECORD_KINDS
from lianban.engines.scenes.model import (
    Act,
    AnswerField,
    Force,
    LegalBasis,
    LetterKind,
    Question,
    Retention,
    Role,
    Side,
    Stage,
    When,
)
from lianban.engines.scenes.problems import nearest
from lianban.engines.scenes.reading import Entry, refer, unique
from lianban.engines.scenes.refusals import refused

PLACEHOLDERS = frozenset({"year", "organ", "number", "date"})
SUBJECTS = ("person", "organisation")
# Stands in for a date that was not given; a problem is noted whenever it is used, so it never leaves here.
_NEVER = date.max


@dataclass(frozen=True)
class Declared:
    """The codes that the other files may name, with their words."""

    roles: Mapping[str, Role]
    stages: Mapping[str, Stage]
    legal_basis: Mapping[str, LegalBasis]
    questions: Mapping[str, Question]

    def words(self) -> dict[str, dict[str, Words]]:
        """For ``x-codes`` of forms: the words of every code, by the kind of thing it names."""
        return {
            "roles": {code: role.title for code, role in self.roles.items()},
            "stages": {code: stage.title for code, stage in self.stages.items()},
            "legal_basis": {code: basis.title for code, basis in self.legal_basis.items()},
            "questions": {code: question.title for code, question in self.questions.items()},
        }


def declared(head: Entry) -> Declared:
    """What stands on its own in ``scene.yaml``."""
    return Declared(
        roles=unique(head.entries("roles"), _role, lambda role: role.code),
        stages=unique(head.entries("stages"), _stage, lambda stage: stage.code),
        legal_basis=unique(
            head.entries("legal_basis", required=False), _legal_basis, lambda basis: basis.code
        ),
        questions=unique(
            head.entries("questions", required=False), _question, lambda question: question.code
        ),
    )


def letters(
    head: Entry, known: Declared, forms: Collection[str], clocks: tuple[str, ...], folder: Path
) -> dict[str, LetterKind]:
    """The kinds of letters, checked against what they name."""
    entries = head.entries("letters", required=False)
    return unique(
        entries, lambda entry: _letter(entry, known, forms, clocks, folder), lambda letter: letter.code
    )


def acts(head: Entry, known: Declared, forms: Collection[str]) -> dict[str, Act]:
    """What the lead agency may do in a matter outside the drawing."""
    entries = head.entries("acts", required=False)
    return unique(entries, lambda entry: _act(entry, known, forms), lambda act: act.code)


def records(head: Entry) -> tuple[str, ...]:
    """The kinds of records its matters have, in the order of the page's sections."""
    kinds = head.codes("records", required=False)
    refer(head, "records", kinds, RECORD_KINDS, "记录种类", "a kind of record")
    return kinds


def _act(entry: Entry, known: Declared, forms: Collection[str]) -> Act:
    entry.only("code", "zh", "en", "verb", "roles", "form", "when", "about")
    act = Act(
        code=entry.code(),
        title=entry.words(),
        verb=entry.text("verb"),
        roles=entry.codes("roles"),
        form=entry.text("form"),
        when=entry.choice("when", When) if "when" in entry.data else When.OPEN,
        about=entry.optional("about"),
    )
    refer(entry, "verb", (act.verb,), MATTER_ACTS, "操作", "an act")
    refer(entry, "roles", act.roles, known.roles, "角色", "a role")
    refer(entry, "form", (act.form,), forms, "表单", "a form")
    for role in act.roles:
        if role in known.roles and Side.LEAD not in known.roles[role].sides:
            entry.note(
                "roles",
                f"“{role}”不在牵头单位，不能办理。",
                f'"{role}" does not sit in the lead agency, which alone does acts.',
            )
    return act


def _role(entry: Entry) -> Role:
    entry.only("code", "zh", "en", "sides")
    sides = []
    for side in entry.codes("sides"):
        if side in list(Side):
            sides.append(Side(side))
        else:
            near = nearest(side, Side)
            entry.note("sides", f"“{side}”不是所在方。{near[0]}", f'"{side}" is not a side. {near[1]}')
    return Role(entry.code(), entry.words(), tuple(sides))


def _stage(entry: Entry) -> Stage:
    entry.only("code", "zh", "en")
    return Stage(entry.code(), entry.words())


def _legal_basis(entry: Entry) -> LegalBasis:
    entry.only("code", "zh", "en", "source", "article", "force", "from", "to")
    start, end = entry.day("from"), entry.day("to", required=False)
    if start and end and end < start:
        entry.note(
            "to", "“to”早于“from”。请核对施行和失效日期。", '"to" is before "from". Check the two dates.'
        )
    return LegalBasis(
        code=entry.code(),
        title=entry.words(),
        source=entry.text("source"),
        article=entry.text("article"),
        force=entry.choice("force", Force),
        start=start or _NEVER,
        end=end,
    )


def _question(entry: Entry) -> Question:
    entry.only("code", "zh", "en", "fields", "agencies", "subjects")
    code, title = entry.code(), entry.words()
    _refuse(entry, code, title, ())
    fields = unique(entry.entries("fields"), lambda e: _answer_field(e, title), lambda f: f.code)
    subjects = entry.codes("subjects", required=False) or SUBJECTS
    refer(entry, "subjects", subjects, SUBJECTS, "对象类型", "a kind of subject")
    return Question(code, title, tuple(fields.values()), entry.codes("agencies"), subjects)


def _answer_field(entry: Entry, question: Words) -> AnswerField:
    entry.only("code", "zh", "en", "format")
    code, title, form = entry.code(), entry.words(), entry.optional("format")
    if form is not None:
        refer(entry, "format", (form,), (*FORMATS, "number", "integer"), "格式", "a format")
    _refuse(entry, code, title, (question.zh, question.en))
    return AnswerField(code, title, form)


def _refuse(entry: Entry, name: str, title: Words, within: tuple[str, ...]) -> None:
    if hit := refused(name, title.zh, title.en, within=within):
        entry.note("code", hit.zh, hit.en)


def _letter(
    entry: Entry,
    known: Declared,
    forms: Collection[str],
    clocks: tuple[str, ...],
    folder: Path,
) -> LetterKind:
    entry.only(
        *("code", "zh", "en", "force", "legal_basis", "questions"),
        *("answer_form", "clock", "sign_clock", "document"),
    )
    letter = LetterKind(
        code=entry.code(),
        title=entry.words(),
        force=entry.choice("force", Force),
        legal_basis=entry.codes("legal_basis"),
        questions=_asked(entry, known),
        answer_form=entry.text("answer_form"),
        clock=entry.optional("clock"),
        sign_clock=entry.optional("sign_clock"),
        document=entry.optional("document"),
    )
    refer(entry, "legal_basis", letter.legal_basis, known.legal_basis, "法律依据", "a legal basis")
    refer(entry, "questions", letter.questions, known.questions, "查询事项", "a question")
    refer(entry, "answer_form", (letter.answer_form,), forms, "表单", "a form")
    for key, clock in (("clock", letter.clock), ("sign_clock", letter.sign_clock)):
        if clock:
            refer(entry, key, (clock,), clocks, "时限", "a clock")
    if letter.document and not (folder / "documents" / letter.document).is_dir():
        own = [path.stem for path in folder.glob("documents/*.yaml")]
        refer(entry, "document", (letter.document,), (*DocumentKind, *own), "文书模板", "a document template")
    for code in letter.legal_basis:
        basis = known.legal_basis.get(code)
        if basis and letter.force is Force.CONTROL and basis.force is Force.ASK:
            entry.note(
                "legal_basis",
                f"“{code}”只能用于查询，不能作为控制措施的依据。请改用控制的依据。",
                f'"{code}" only lets one ask; it cannot carry a measure of control. Use a basis that does.',
            )
    return letter


def _asked(entry: Entry, known: Declared) -> tuple[str, ...]:
    """The questions of a letter: a list of codes, or ``all``."""
    if entry.data.get("questions") == "all":
        return tuple(known.questions)
    return entry.codes("questions", required=False)


def retention(head: Entry) -> Retention:
    """How long closed matters are kept."""
    entry = head.entry("retention")
    if entry is None:
        return Retention(1, "", "")
    entry.only("years", "from", "basis")
    return Retention(entry.whole("years", least=1, most=100), entry.code("from"), entry.text("basis"))


def refusal(entry: Entry) -> Words:
    """One sentence on what the scene refuses to do."""
    entry.only("zh", "en")
    return entry.words()


def number_format(head: Entry) -> str:
    """How matters are numbered, by ``{year}``, ``{organ}``, ``{number}`` and ``{date}``."""
    text = head.text("number_format")
    used = set(re.findall(r"\{([^{}]*)\}", text))
    if unknown := used - PLACEHOLDERS:
        name = sorted(unknown)[0]
        near = nearest(name, PLACEHOLDERS)
        head.note(
            "number_format",
            f"编号格式中没有“{name}”。{near[0]}",
            f'There is no "{name}" in a number. {near[1]}',
        )
    if text and not {"year", "number"} <= used:
        head.note(
            "number_format",
            "编号格式要有 {year} 和 {number}，否则编号会重复。",
            "The number needs {year} and {number}, or numbers would repeat.",
        )
    return text
