"""From a DMN file to a model: elements, requirements, imports."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from feeldmn import nodes
from feeldmn.builtins import BUILT_INS
from feeldmn.dmn.boxed import BoxedReader
from feeldmn.dmn.decisions import BusinessKnowledge, Decision, DecisionService
from feeldmn.dmn.elements import Element, InputData, Invocable, Reference
from feeldmn.dmn.items import TypeTable
from feeldmn.dmn.model import Model
from feeldmn.dmn.xml import MODEL_NAMESPACES, child, children, local, parse
from feeldmn.errors import DmnReadError, FeelDmnError
from feeldmn.parsing import NameIndex, normalize_name
from feeldmn.types import FunctionType, plain

#: Finds an imported model by namespace and location: its bytes, its path, or None.
Resolver = Callable[[str, str], "bytes | Path | None"]
MAX_IMPORTS = 20
_KINDS: dict[str, type[Element]] = {
    "inputData": InputData,
    "decision": Decision,
    "businessKnowledgeModel": BusinessKnowledge,
    "decisionService": DecisionService,
}


def models_in(directory: Path) -> Resolver:
    """Return a resolver that finds imported models among the `*.dmn` files of a directory."""

    def resolve(namespace: str, location: str) -> Path | None:
        named = directory / Path(location).name if location else None
        if named is not None and named.is_file():
            return named
        for path in sorted(directory.glob("*.dmn")):
            try:
                if parse(path.read_bytes(), path.name).get("namespace") == namespace:
                    return path
            except DmnReadError:
                continue  # some other file of the directory is none of our business
        return None

    return resolve


def read_dmn(xml: bytes | str | Path, *, source: str = "", resolve: Resolver | None = None) -> Model:
    """Read a DMN model (1.1 to 1.6) from bytes or a path.

    `source` names the file in errors (default: the name of the path). `resolve(namespace, location)` finds
    imported models; for a path the default looks in its directory. Raises `DmnReadError` for what is no DMN
    file; a part of it that is no FEEL is null with a diagnostic when evaluated, and a finding of `check()`.
    """
    if isinstance(xml, Path):
        resolve = resolve or models_in(xml.parent)
        source = source or xml.name
        try:
            content = xml.read_bytes()
        except OSError as error:
            raise DmnReadError(f"the file cannot be read: {error.strerror}", where=source) from None
    else:
        content = xml.encode() if isinstance(xml, str) else xml
    return _Reader(resolve).model(content, source)


class _Reader:
    """Reads a model and, through its imports, others; each namespace once."""

    def __init__(self, resolve: Resolver | None) -> None:
        self.resolve = resolve
        self.by_namespace: dict[str, Model] = {}

    def model(self, content: bytes, source: str) -> Model:
        root = parse(content, source)
        problems: list[FeelDmnError] = []

        def problem(code: str, message: str, where: str) -> None:
            problems.append(FeelDmnError(message, code=code, where=where))

        types = TypeTable(source, problem)
        model = Model(root.get("name", ""), root.get("namespace", ""), source, types)
        model.problems = problems
        self.by_namespace[model.namespace] = model
        self._imports(root, model)
        types.read(root)
        for element in children(root, *_KINDS):
            self._element(element, model)
        for element in children(root, *_KINDS):
            self._requirements(element, model)
        return model

    def _imports(self, root: Any, model: Model) -> None:
        for element in children(root, "import"):
            namespace, name = element.get("namespace", ""), normalize_name(element.get("name") or "")
            if element.get("importType", "") not in MODEL_NAMESPACES:
                continue  # a PMML document, or an XML schema: nothing to decide with
            imported = self.by_namespace.get(namespace)
            if imported is None:
                found = self.resolve(namespace, element.get("locationURI") or "") if self.resolve else None
                if found is None or len(self.by_namespace) > MAX_IMPORTS:
                    model.problems.append(
                        FeelDmnError(
                            f"the imported model {name!r} was not found",
                            code="dmn.import",
                            found=namespace,
                            where=model.source,
                            remedy="put the file beside this one, or hand in resolve=",
                        )
                    )
                    continue
                content, source = (
                    (found.read_bytes(), found.name) if isinstance(found, Path) else (found, name)
                )
                imported = self.model(content, source)
            model.imports[name] = imported
            model.types.imports[name] = imported.types
            model.types.component_names |= imported.types.component_names

    def _element(self, element: Any, model: Model) -> None:
        name = normalize_name(element.get("name") or "")
        variable = child(element, "variable")
        variable_name = normalize_name(variable.get("name") or "") if variable is not None else ""
        kind = (
            model.types.reference(variable.get("typeRef"), variable.sourceline or 0)
            if variable is not None
            else None
        )
        identity = element.get("id") or name
        made = _KINDS[local(element)](
            model, identity, name, variable_name or name, kind, element.sourceline or 0
        )
        if identity in model.elements:
            model.problems.append(
                FeelDmnError(
                    f"the id {identity!r} is used twice: requirements lead to the last element with it",
                    code="dmn.duplicate_id",
                    where=made.where,
                    line=made.line,
                    remedy="give each element its own id",
                )
            )
        model.elements[identity] = made

    def _requirements(self, element: Any, model: Model) -> None:
        made = model.elements[element.get("id") or normalize_name(element.get("name") or "")]
        if isinstance(made, DecisionService):
            for part in children(element, "outputDecision", "inputDecision", "inputData"):
                target = self._target(part.get("href", ""), model, made)
                if target is not None:
                    {
                        "outputDecision": made.outputs,
                        "inputDecision": made.input_decisions,
                        "inputData": made.input_data,
                    }[local(part)].append(target[0])
            return
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for part in children(requirement, "requiredInput", "requiredDecision", "requiredKnowledge"):
                led_to = self._target(part.get("href", ""), model, made)
                if led_to is not None:
                    needed, through = led_to
                    made.requires.append(Reference(needed, needed.variable, through))
        if isinstance(made, Invocable):
            made.read = partial(_read_expression, element, made)

    def _target(self, href: str, model: Model, owner: Element) -> tuple[Element, str] | None:
        namespace, _, identity = href.rpartition("#")
        if not namespace or namespace == model.namespace:
            found = model.elements.get(identity)
            if found is not None:
                return found, ""
        for name, imported in model.imports.items():
            if imported.namespace == namespace and identity in imported.elements:
                return imported.elements[identity], name
        model.problems.append(
            FeelDmnError(
                "a requirement leads nowhere",
                code="dmn.reference",
                found=href,
                where=owner.where,
                line=owner.line,
                remedy="draw it again, or import the model it leads to",
            )
        )
        return None


def _read_expression(element: Any, owner: Invocable) -> tuple[nodes.Node | None, list[FeelDmnError]]:
    """Parse the expression of a decision or business knowledge model with the names in its scope."""
    types = owner.model.types
    names = NameIndex(BUILT_INS)
    names = NameIndex(types.component_names, names)
    names = NameIndex((), names)
    for reference in owner.requires:
        names.add(reference.name)
        if reference.through:
            names.add(reference.through)
    for own in owner.own_names:
        names.add(own)
    reader = BoxedReader(types, names, owner.where)
    if isinstance(owner, BusinessKnowledge):
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            return None, reader.problems
        function = reader.function(logic, "")
        assert isinstance(function, nodes.FunctionLiteral)
        # The variable of a knowledge model has the type of its result in DMN 1.1 and 1.2, of the function since.
        declared = owner.type if owner.type and not isinstance(plain(owner.type), FunctionType) else None
        named = nodes.FunctionLiteral(
            0,
            function.parameters,
            function.body,
            function.external,
            function.result_type or declared,
            owner.name,
        )
        return named, reader.problems
    return reader.expression_in(element), reader.problems
