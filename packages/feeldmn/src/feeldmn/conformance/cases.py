"""The cases of the kit as they stand in its XML files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from feeldmn.errors import DmnReadError
from feeldmn.temporal.texts import parse_date, parse_date_time, parse_duration, parse_time

_NS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_VALUES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("decimal", "double", "float", "integer", "int", "long"), Decimal),
    "boolean": lambda text: text in ("true", "1"),
    "date": parse_date,
    "dateTime": parse_date_time,
    "time": parse_time,
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), parse_duration),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a decision must give; `error` when the null comes from an error."""

    name: str
    value: Any
    error: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: it passes when all its results are as expected.

    `kind` is decision, bkm or decisionService; `invocable` names what is called for the latter two.
    """

    folder: str
    id: str
    model: Path
    kind: str
    invocable: str
    inputs: dict[str, Any]
    results: tuple[Expected, ...]

    @property
    def expects_null(self) -> bool:
        """Say whether all results are null: a stub that always answers null passes such a case."""
        return all(result.value is None for result in self.results)


def read_cases(level: Path) -> Iterator[Case]:
    """Yield the cases of one compliance level, in the order of folders and files."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for path in sorted(level.glob("*/*.xml")):
        root = etree.parse(path, parser).getroot()
        model = path.parent / root.findtext(_NS + "modelName", "").strip()
        for element in root.iter(_NS + "testCase"):
            yield _case(element, path, model)


def _case(element: Any, path: Path, model: Path) -> Case:
    inputs = {}
    for node in element.findall(_NS + "inputNode"):
        name, namespace = node.get("name"), node.get("namespace")
        inputs[f"{{{namespace}}}{name}" if namespace else name] = _value(node)
    results = []
    for node in element.findall(_NS + "resultNode"):
        expected = node.find(_NS + "expected")
        value = None if expected is None else _value(expected)
        results.append(Expected(node.get("name"), value, node.get("errorResult") == "true"))
    kind = element.get("type", "decision")
    return Case(
        path.parent.name,
        element.get("id", ""),
        model,
        kind,
        element.get("invocableName", ""),
        inputs,
        tuple(results),
    )


def _value(element: Any) -> Any:
    """Return the FEEL value an element of the kit stands for."""
    if element.get(_XSI + "nil") == "true":
        return None
    listed = element.find(_NS + "list")
    if listed is not None:
        return (
            None
            if listed.get(_XSI + "nil") == "true"
            else [_value(item) for item in listed.findall(_NS + "item")]
        )
    components = element.findall(_NS + "component")
    if components:
        return {component.get("name"): _value(component) for component in components}
    value = element.find(_NS + "value")
    if value is None or value.get(_XSI + "nil") == "true":
        return None
    kind = (value.get(_XSI + "type") or "string").rpartition(":")[2]
    text = value.text or ""
    if kind in ("string", "anySimpleType"):
        return text
    read = _VALUES.get(kind)
    found = read(text.strip()) if read is not None else None
    if found is None:
        raise DmnReadError("a value of the conformance kit cannot be read", found=f"{kind} {text!r}")
    return found
