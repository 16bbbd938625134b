"""A DMN model as read from a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from feeldmn.dmn.decisions import BusinessKnowledge, Decision, DecisionService
from feeldmn.dmn.elements import Element, InputData
from feeldmn.dmn.items import TypeTable
from feeldmn.errors import DmnNotFound, FeelDmnError

if TYPE_CHECKING:
    from feeldmn.checks import Finding


class Model:
    """A DMN model as read from a file; `source` names it in errors."""

    def __init__(self, name: str, namespace: str, source: str, types: TypeTable) -> None:
        self.name = name
        self.namespace = namespace
        self.source = source
        self.types = types
        self.elements: dict[str, Element] = {}
        self.imports: dict[str, Model] = {}
        #: What could not be read, found when the model was read.
        self.problems: list[FeelDmnError] = []

    def _all(self, kind: type) -> Iterator[Any]:
        return (element for element in self.elements.values() if isinstance(element, kind))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions in the order of the file."""
        return tuple(self._all(Decision))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data in the order of the file."""
        return tuple(self._all(InputData))

    @property
    def services(self) -> tuple[DecisionService, ...]:
        """The decision services in the order of the file."""
        return tuple(self._all(DecisionService))

    @property
    def knowledge(self) -> tuple[BusinessKnowledge, ...]:
        """The business knowledge models in the order of the file."""
        return tuple(self._all(BusinessKnowledge))

    def _find(self, kind: type, key: str, noun: str) -> Any:
        for element in self._all(kind):
            if key in (element.name, element.id, element.variable):
                return element
        raise DmnNotFound(
            f"the model has no {noun} {key!r}",
            found=", ".join(element.name for element in self._all(kind)) or "none",
            where=self.source,
            remedy="use one of these names or its id",
        )

    def decision(self, key: str) -> Decision:
        """Return the decision with that name or id; raises `DmnNotFound`."""
        found: Decision = self._find(Decision, key, "decision")
        return found

    def service(self, key: str) -> DecisionService:
        """Return the decision service with that name or id; raises `DmnNotFound`."""
        found: DecisionService = self._find(DecisionService, key, "decision service")
        return found

    def bkm(self, key: str) -> BusinessKnowledge:
        """Return the business knowledge model with that name or id; raises `DmnNotFound`."""
        found: BusinessKnowledge = self._find(BusinessKnowledge, key, "business knowledge model")
        return found

    def check(self) -> list[Finding]:
        """Return what static checks find: unreadable parts, unknown names, clashes of types, gaps, overlaps."""
        from feeldmn.checks import check_model

        return check_model(self)

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {len(self.decisions)} decisions)"
