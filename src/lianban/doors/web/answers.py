"""Answers and letters as pages show them: a scene's words for what was asked and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lianban.doors.web.collisions_shown import title_of
from lianban.doors.web.form_html import Choices
from lianban.doors.web.form_text import Shown, shown
from lianban.engines.forms.words import Words
from lianban.engines.scenes import Scene
from lianban.records import scenes
from lianban.records.letters import LetterRow
from lianban.records.matter_view import AnswerLine


@dataclass(frozen=True, slots=True)
class AnswerShown:
    line: AnswerLine
    shown: tuple[Shown, ...]
    # What registries answered is marked, with what they left to people.
    automatic: bool = False
    left: tuple[tuple[Words, str], ...] = ()


def answers_shown(pack: Scene, letter: LetterRow, answers: Iterable[AnswerLine]) -> list[AnswerShown]:
    """Each answer by the form it was filled in: the letter's own questions and no others."""
    form = scenes.form_of(pack.name, pack.letters[letter.kind].answer_form, letter, whole=True)
    return [
        AnswerShown(
            line, shown(form, line.data, leave_out=("result", "attachments")), line.automatic,
            tuple((title_of(pack, code), str(why)) for code, why in line.data.get("left", {}).items()),
        )
        for line in answers
    ]  # fmt: skip


def scope_shown(pack: Scene, content: Mapping[str, Any]) -> tuple[Shown, ...]:
    """What else a letter says (the period asked about, remarks), by the words of the matter's form."""
    return shown(
        pack.forms[pack.matter_form], {key: value for key, value in content.items() if key in _SCOPE}
    )


def content_shown(pack: Scene, content: Mapping[str, Any], choices: Choices) -> tuple[Shown, ...]:
    """What a matter was opened with, by the words of its form. Rows of people are left out: a page shows those beside
    it as parties, with a button for the whole number and an entry for the look."""
    form = pack.forms[pack.matter_form]
    people = tuple(spec.path for spec in form.fields() if any(child.private for child in spec.children))
    return shown(form, content, leave_out=people, choices=choices)


_SCOPE = ("case_no", "cause", "period", "urgent", "note")
