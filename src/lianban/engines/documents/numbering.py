"""Document numbers 发文字号: rendering and parsing by a pattern.

A pattern names its three parts: ``{organ}`` (机关代字), ``{year}`` and ``{number}``, for instance
``〔{year}〕{organ}协函{number}号`` → ``〔2026〕浙临协函12号``. GB/T 9704-2012, 7.2.5: the year in full, in
hexagonal brackets 〔〕; the number without 第 and without padding zeros. Which number comes next is the
business of the records (``lianban.records.numbering``), where the counter lives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lianban.engines.documents.errors import NumberWrong, TemplateBroken

_PLACES = re.compile(r"\{(organ|year|number)\}")
# What people type for the hexagonal brackets, and the digits of a Chinese keyboard.
_TYPED = str.maketrans("﹝﹞[]［］【】０１２３４５６７８９", "〔〕〔〕〔〕〔〕0123456789")


@dataclass(frozen=True)
class DocumentNumber:
    """The parts of a document number. ``organ`` is the organ's short code, e.g. ``浙临``."""

    organ: str
    year: int
    number: int


@dataclass(frozen=True)
class NumberPattern:
    """How the numbers of one kind of document are written."""

    pattern: str

    def __post_init__(self) -> None:
        places = sorted(_PLACES.findall(self.pattern))
        if places != ["number", "organ", "year"] or re.search(r"[{}]", _PLACES.sub("", self.pattern)):
            raise TemplateBroken(
                template=self.pattern, where="number", problem="needs {organ}, {year} and {number}, each once"
            )

    def render(self, number: DocumentNumber) -> str:
        """The number as it is printed. Refuses what :meth:`parse` would not read back."""
        text = _PLACES.sub(lambda place: str(getattr(number, place.group(1))), self.pattern)
        if number.number < 1 or not 1949 <= number.year <= 9999 or self._match(text) is None:
            raise self._wrong(text, "年份、序号或机关代字不可用", "year, number or organ code is unusable")
        return text

    def parse(self, text: str) -> DocumentNumber:
        """The parts of a printed or typed number; ``[2026]`` and full-width digits are understood."""
        match = self._match(text.translate(_TYPED).replace(" ", "").replace("　", ""))
        if match is None:
            raise self._wrong(text, "与式样不符", "it has another form")
        if match["number"].startswith("0"):
            raise self._wrong(
                text, "序号不编虚位（1 不写作 001）", "the number must not be padded with zeros"
            )
        return DocumentNumber(match["organ"], int(match["year"]), int(match["number"]))

    def _match(self, text: str) -> re.Match[str] | None:
        return re.fullmatch(self._expression(), text)

    def _expression(self) -> str:
        parts = {
            "organ": r"(?P<organ>[㐀-鿿A-Za-z]{1,20}?)",
            "year": r"(?P<year>[0-9]{4})",
            "number": r"(?P<number>[0-9]{1,9})",
        }
        return "".join(
            parts[piece] if index % 2 else re.escape(piece)
            for index, piece in enumerate(_PLACES.split(self.pattern))
        )

    def _wrong(self, text: str, problem: str, problem_en: str) -> NumberWrong:
        example = _PLACES.sub(
            lambda place: {"organ": "浙临", "year": "2026", "number": "12"}[place[1]], self.pattern
        )
        return NumberWrong(
            text=text, pattern=self.pattern, problem=f"{problem} ({problem_en})", example=example
        )
