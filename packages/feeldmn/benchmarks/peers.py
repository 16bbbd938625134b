"""The other engines, each behind the same two questions; an absent one says so."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import workload

HERE = Path(__file__).resolve().parent
Work = Callable[[], Any]


def feelin_module() -> Path | None:
    """Return feelin's module: under FEELDMN_PEERS (a folder with node_modules) or `.peers` of the package."""
    folder = Path(os.environ.get("FEELDMN_PEERS", HERE.parent / ".peers"))
    module = folder / "node_modules" / "feelin" / "dist" / "index.js"
    return module if module.is_file() and shutil.which("node") else None


def feelin_version() -> str:
    """Return feelin's name and version, and that of node."""
    module = feelin_module()
    if module is None:
        return "feelin (absent)"
    described = json.loads((module.parents[1] / "package.json").read_text(encoding="utf-8"))
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f"feelin {described['version']} in node {node}"


def feelin(seconds: float) -> dict[str, Any] | None:
    """Time feelin in a process of node; None when it is absent."""
    module = feelin_module()
    if module is None:
        return None
    work = {
        "expressions": [(name, feel) for name, feel, _zen, _cel in workload.EXPRESSIONS],
        "context": {**workload.CONTEXT, "filed": workload.CONTEXT["filed"].isoformat()},
        "rules": workload.RULES,
        "calls": workload.CALLS,
        "columns": ["age", "risk", "amount"],
        "seconds": seconds,
    }
    done = subprocess.run(
        ["node", str(HERE / "feelin_bench.mjs"), str(module)],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def zen_table() -> list[Work] | None:
    """Return the calls of zen-engine's decision table: compiled once."""
    zen = _module("zen")
    if zen is None:
        return None
    decision = zen.ZenEngine().create_decision(json.dumps(workload.jdm()))
    return [lambda call=call: decision.evaluate(call) for call in workload.CALLS]


def zen_expressions(*, compiled: bool) -> dict[str, Work] | None:
    """Return zen-engine's expressions."""
    zen = _module("zen")
    if zen is None:
        return None
    context = {**workload.CONTEXT, "filed": workload.CONTEXT["filed"].isoformat()}
    found: dict[str, Work] = {}
    for name, _feel, source, _cel in workload.EXPRESSIONS:
        if source is None:
            continue
        if compiled:
            expression = zen.compile_expression(source)
            found[name] = lambda expression=expression: expression.evaluate(context)
        else:
            found[name] = lambda source=source: zen.evaluate_expression(source, context)
    return found


def cel_expressions(*, compiled: bool) -> dict[str, Work] | None:
    """Return cel-python's expressions."""
    celpy = _module("celpy")
    if celpy is None:
        return None
    moment = dt.datetime.combine(workload.CONTEXT["filed"], dt.time(), dt.UTC)
    # Its values are converted beforehand: the figures are those of evaluation alone.
    values = {key: celpy.json_to_cel(value) for key, value in {**workload.CONTEXT, "filed": moment}.items()}
    found: dict[str, Work] = {}
    for name, _feel, _zen, source in workload.EXPRESSIONS:
        if source is None:
            continue
        environment = celpy.Environment()

        def build(source: str = source, environment: Any = environment) -> Any:
            return environment.program(environment.compile(source))

        if compiled:
            program = build()
            found[name] = lambda program=program: program.evaluate(values)
        else:
            found[name] = lambda build=build: build().evaluate(values)
    return found


def pysfeel_expressions() -> dict[str, Work] | None:
    """Return pySFeel's expressions: it parses at every call; the variables stay in the parser."""
    module = _module("pySFeel")
    if module is None:
        return None
    parser = module.SFeelParser()
    for name, value in workload.CONTEXT.items():
        text = (
            f'date("{value.isoformat()}")'
            if isinstance(value, dt.date)
            else json.dumps(value, ensure_ascii=False)
        )
        parser.sFeelParse(f"{name} <- {text}")
    found: dict[str, Work] = {}
    for name, feel, _zen, _cel in workload.EXPRESSIONS:
        status, value = parser.sFeelParse(feel)
        if value is not None and "errors" not in status:
            found[name] = lambda feel=feel: parser.sFeelParse(feel)
    return found
