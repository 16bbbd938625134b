"""Sample matters and answers of a scene, drawn from a seed as its ``demo/matters.yaml`` says.

A value of ``data`` is plain, or one of::

    {one_of: [a, b]}                       one of them
    {some_of: units, least: 3, most: 8}    some of the units, or of the scene's questions, in their order
    {all_of: questions}                    all of them
    {case_number: 执}                      a case number of the city's court, of that kind
    {person: name} {person: id_number}     of one made-up person for each row of a list
    {firm: name} {firm: credit_code}       of one made-up firm for each row of a list

What comes out is checked by the scene's forms before it is handed out.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lianban.engines.forms import Words
from lianban.engines.scenes.city import City
from lianban.engines.scenes.expansion import answer_form
from lianban.engines.scenes.model import AnswerField, Question, Scene
from lianban.engines.scenes.problems import SceneRefused
from lianban.engines.scenes.reading import Entry, Findings, plain, read_entry, refer

FILE = "demo/matters.yaml"
LISTS = ("units", "questions")
RESULTS = ("yes", "no", "partial")
_DRAWS = ("one_of", "some_of", "all_of", "case_number", "person", "firm")


@dataclass(frozen=True, slots=True)
class SampleMatter:
    """What the matter form of one sample holds. ``code`` and ``title`` say which kind of sample it is."""

    code: str
    title: Words
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Samples:
    """A scene's ``demo/matters.yaml``, ready to draw from."""

    scene: Scene
    city: City
    seed: int
    kinds: tuple[tuple[str, Words, int, Mapping[str, Any]], ...]
    results: Mapping[str, int]
    source: str
    words: Mapping[str, tuple[str, ...]]

    def matters(self, year: int) -> Iterator[SampleMatter]:
        """Every sample matter, the main job first. ``year`` is that of their case numbers."""
        draw = Draw(self.scene, self.city, self.seed, year)
        for code, title, count, template in self.kinds:
            for _ in range(count):
                data = draw.value(template)
                self.scene.forms[self.scene.matter_form].check(data, demo=True)
                yield SampleMatter(code, title, data)

    def answer(
        self,
        letter: str,
        asked: Collection[str],
        *,
        signer: str,
        now: datetime,
        number: int = 0,
        result: str = "",
    ) -> dict[str, Any]:
        """A valid answer to a letter. ``number`` tells answers apart; ``result`` fixes what is otherwise drawn."""
        draw = random.Random(f"{self.seed}/{letter}/{number}/{','.join(sorted(asked))}")  # noqa: S311
        result = result or draw.choices(list(self.results), list(self.results.values()))[0]
        questions = [self.scene.questions[code] for code in self.scene.questions if code in asked]
        hits = set() if result == "no" else {draw.choice(questions).code}
        if result == "yes":
            hits = {question.code for question in questions}
        data = {
            "result": result,
            "findings": {q.code: self._finding(draw, q, q.code in hits, now.date()) for q in questions},
            "as_of": now.isoformat(timespec="seconds"),
            "source": self.source,
            "signer": signer,
        }
        answer_form(self.scene, letter, asked).check(data, demo=True)
        return data

    def _finding(self, draw: random.Random, question: Question, found: bool, today: date) -> dict[str, Any]:
        if not found:
            return {"found": False}
        record = {field.code: self._field(draw, question, field, today) for field in question.fields}
        return {"found": True, "records": [{"subject": 1, **record}]}

    def _field(self, draw: random.Random, question: Question, field: AnswerField, today: date) -> Any:
        if words := self.words.get(f"{question.code}.{field.code}"):
            return draw.choice(words)
        match field.format:
            case "money":
                return draw.randrange(10_000, 50_000_000)
            case "number" | "integer":
                return draw.randrange(1, 500)
            case "date":
                return (today - timedelta(days=draw.randrange(1, 3000))).isoformat()
            case _:
                return f"样例{draw.randrange(1000, 10000)}"


def load_samples(scene: Scene, city: City, folder: Path | str) -> Samples:
    """The samples of the scene in ``folder``. Raises :class:`SceneRefused` with every problem of the file."""
    findings = Findings()
    head = read_entry(Path(folder) / FILE, FILE, findings)
    samples = _samples(scene, city, head) if head is not None else None
    if findings or samples is None:
        raise SceneRefused.of(scene.name, findings.problems)
    return samples


def _samples(scene: Scene, city: City, head: Entry) -> Samples:
    head.only("seed", "matters", "answers")
    kinds = []
    for entry in head.entries("matters"):
        entry.only("code", "zh", "en", "count", "data")
        template = entry.entry("data")
        data = plain(template.data) if template else {}
        _check_draws(entry, data)
        kinds.append((entry.code(), entry.words(), entry.whole("count", least=1, most=100_000), data))
    results, source, words = _answers(scene, head)
    return Samples(scene, city, head.whole("seed", least=0, most=2**31), tuple(kinds), results, source, words)


def _answers(scene: Scene, head: Entry) -> tuple[dict[str, int], str, dict[str, tuple[str, ...]]]:
    """How answers are drawn: results with their weights, the source system, words by ``question.field``."""
    answers = head.entry("answers", required=False)
    if answers is None:
        return {"yes": 1}, "", {}
    answers.only("results", "source", "words")
    results, words = {}, {}
    if (weights := answers.entry("results")) is not None:
        weights.only(*RESULTS)
        results = {str(key): weights.whole(str(key), least=0, most=1000) for key in weights.data}
        if not any(results.values()):
            weights.note(None, "至少一种结果的权重要大于 0。", "At least one result needs a weight above 0.")
    known = {f"{q.code}.{f.code}" for q in scene.questions.values() for f in q.fields}
    if (given := answers.entry("words", required=False)) is not None:
        for name, value in given.data.items():
            refer(given, str(name), (str(name),), known, "查询字段", "a field of a question")
            if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
                words[str(name)] = tuple(str(word) for word in value)
            else:
                given.note(name, f"“{name}”应为文字列表。", f'"{name}" must be a list of texts.')
    return results, answers.text("source"), words


def _check_draws(entry: Entry, value: Any) -> None:
    """Note each draw that cannot be made."""
    if isinstance(value, list):
        for item in value:
            _check_draws(entry, item)
    elif isinstance(value, Mapping):
        for name in [key for key in value if key in _DRAWS]:
            if not _fits(name, value):
                entry.note(
                    "data",
                    f"不能这样抽取：{name}: {str(value[name])[:40]}。写法见 docs/reference/scenes.md。",
                    f"This cannot be drawn: {name}: {str(value[name])[:40]}. See docs/reference/scenes.md.",
                )
        for item in value.values():
            _check_draws(entry, item)


def _fits(name: str, draw: Mapping[str, Any]) -> bool:
    what = draw[name]
    if set(draw) - {name} - ({"least", "most"} if name == "some_of" else set()):
        return False
    match name:
        case "one_of":
            return isinstance(what, list) and bool(what)
        case "all_of":
            return what in LISTS
        case "some_of":
            least, most = draw.get("least", 1), draw.get("most", 10**6)
            return what in LISTS and type(least) is int and type(most) is int and 0 <= least <= most
        case "case_number":
            return isinstance(what, str) and bool(what)
        case "person":
            return what in ("name", "id_number")
        case _:
            return what in ("name", "credit_code")


class Draw:
    """Fills templates. A made-up person or firm lasts for one row of a list."""

    def __init__(self, scene: Scene, city: City, seed: int, year: int) -> None:
        self.scene, self.city, self.year = scene, city, year
        self.random = random.Random(seed)  # noqa: S311  samples need repeatability, not secrecy
        self.people, self.firms = city.people(seed), city.firms(seed)
        self.court = next(a.organ for a in self.city.agencies.values() if a.kind == self.scene.lead)
        self.cases = 0
        self.subject: dict[str, Any] = {}

    def value(self, template: Any) -> Any:
        match template:
            case {"one_of": list(choices)}:
                return self.random.choice(choices)
            case {"all_of": str(what)}:
                return self.listed(what)
            case {"some_of": str(what)}:
                listed = self.listed(what)
                most = min(template.get("most", len(listed)), len(listed))
                wanted = self.random.randint(min(template.get("least", 1), most), most)
                chosen = set(self.random.sample(listed, wanted))
                return [code for code in listed if code in chosen]
            case {"case_number": str(kind)}:
                self.cases += 1
                return f"（{self.year}）{self.court}{kind}{self.cases}号"
            case {"person": str(part)}:
                return getattr(self.drawn("person", self.people), part)
            case {"firm": str(part)}:
                return getattr(self.drawn("firm", self.firms), part)
            case dict():
                return {key: self.value(item) for key, item in template.items()}
            case list():
                return [self.row(item) for item in template]
            case _:
                return template

    def drawn(self, kind: str, source: Iterator[Any]) -> Any:
        if kind not in self.subject:
            self.subject[kind] = next(source)
        return self.subject[kind]

    def row(self, template: Any) -> Any:
        self.subject = {}
        return self.value(template)

    def listed(self, what: str) -> list[str]:
        return [unit.code for unit in self.city.units] if what == "units" else list(self.scene.questions)
