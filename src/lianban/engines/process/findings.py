"""Collects everything that is wrong with a drawing, so that its author sees all of it at once."""

from __future__ import annotations

from lxml import etree

from lianban.engines.process.errors import Problem


class Findings:
    """Problems stop the compilation, notices do not."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    def problem(self, code: str, element: etree._Element | None, zh: str, en: str) -> None:
        self.problems.append(_problem(code, element, zh, en))

    def notice(self, code: str, element: etree._Element | None, zh: str, en: str) -> None:
        self.notices.append(_problem(code, element, zh, en))

    def at(self, code: str, element_id: str, name: str, line: int, zh: str, en: str) -> None:
        """A problem found after the XML is out of hand."""
        self.problems.append(Problem(code, element_id, name, line, zh, en))


def name_of(element: etree._Element) -> str:
    """The ``name`` on one line."""
    return " ".join((element.get("name") or "").split())


def anchor(element: etree._Element) -> etree._Element:
    """The nearest element with an id: itself, or the one it belongs to."""
    at: etree._Element | None = element
    while at is not None:
        if at.get("id"):
            return at
        at = at.getparent()
    return element


def _problem(code: str, element: etree._Element | None, zh: str, en: str) -> Problem:
    if element is None:
        return Problem(code, "", "", 0, zh, en)
    place = anchor(element)
    return Problem(code, place.get("id") or "", name_of(place), element.sourceline or 0, zh, en)
