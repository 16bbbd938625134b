"""What is wrong with a scene: every finding with its file and line, raised together as one error."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianban.engines.errors import YourMistake


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding: where (``file`` relative to the scene's folder, ``line`` from 1), what was found and
    what to do, in both languages. Line 0 means the file as a whole, or that it is missing."""

    file: str
    line: int
    zh: str
    en: str

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def text(self, language: str = "zh") -> str:
        return f"{self.place}: {self.en if language.startswith('en') else self.zh}"

    def as_dict(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "zh": self.zh, "en": self.en}


class SceneRefused(YourMistake):
    """A scene does not load. ``problems`` holds every finding, sorted by file and line."""

    code = "LB-SCENES-001"
    status = 422
    zh = "应用场景“{scene}”不能加载，发现 {count} 处问题：\n{list_zh}"
    en = 'The scene "{scene}" does not load; {count} problem(s) found:\n{list_en}'

    @classmethod
    def of(cls, scene: str, problems: Iterable[Problem]) -> SceneRefused:
        found = sorted(set(problems))
        return cls(
            scene=scene,
            count=len(found),
            problems=[problem.as_dict() for problem in found],
            list_zh="\n".join(f"- {problem.text('zh')}" for problem in found),
            list_en="\n".join(f"- {problem.text('en')}" for problem in found),
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(Problem(**entry) for entry in self.found.get("problems", ()))


class SceneMissing(YourMistake):
    """There is no scene of that name in the folder of scenes."""

    code = "LB-SCENES-002"
    status = 404
    zh = "没有名为“{scene}”的应用场景。{near_zh}现有：{known}。"
    en = 'There is no scene named "{scene}". {near_en}Existing scenes: {known}.'


class SceneExists(YourMistake):
    """A new scene would overwrite an existing folder."""

    code = "LB-SCENES-003"
    status = 409
    zh = "应用场景“{scene}”已存在。请换一个名称，或直接修改该文件夹。"
    en = 'The scene "{scene}" already exists. Choose another name, or edit its folder.'


class SceneNameWrong(YourMistake):
    """The name of a scene is a folder name and a code in every room."""

    code = "LB-SCENES-004"
    zh = "“{scene}”不能作为应用场景的名称。请用小写英文字母开头，只含小写字母、数字和下划线，2 至 40 个字符。"
    en = (
        '"{scene}" cannot name a scene. Begin with a lower-case letter and use only lower-case letters, '
        "digits and underscores, 2 to 40 characters."
    )


class SceneTitleWrong(YourMistake):
    """A title in both languages is needed, plain enough to stand in every file."""

    code = "LB-SCENES-005"
    zh = "名称不能使用：中文“{zh}”，英文“{en}”。中文名要有汉字，英文名不能有汉字，各不超过 40 个字符，不含括号、引号、冒号、逗号等符号。"
    en = (
        'These titles cannot be used: Chinese "{zh}", English "{en}". The Chinese one needs Chinese characters, the '
        "English one none; each at most 40 characters, without brackets, quotes, colons or commas."
    )


def nearest(word: object, known: Iterable[object]) -> tuple[str, str]:
    """A suggestion for a misspelt ``word``, as the end of a Chinese and of an English sentence."""
    names = sorted({str(name) for name in known})
    short = len(str(word)) <= 3  # of two Chinese characters one wrong is half of the word
    near = difflib.get_close_matches(str(word), names, n=2 if short else 1, cutoff=0.5 if short else 0.6)
    if near:
        return f"是否想写“{'”或“'.join(near)}”？", "Did you mean " + " or ".join(
            f'"{name}"' for name in near
        ) + "?"
    shown = names[:12]
    more = len(names) > len(shown)
    return (
        f"可用：{'、'.join(shown) or '（无）'}{'等' if more else ''}。",
        f"Known: {', '.join(shown) or '(none)'}{', …' if more else ''}.",
    )
