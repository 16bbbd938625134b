"""The content hash of a drawing: of what it means, not of where it was drawn.

Canonical form: every node and flow as sorted JSON, without lines and layout. The order of outgoing flows
counts only where it decides (exclusive gateways).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from lianban.engines.process.graph import Flow, Kind, Loop, Mapped, Node, Source

#: Raise it when the same drawing would run differently, so that hashes differ too.
FORM = "lianban-process/1"


def hash_of(process_id: str, name: str, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> str:
    """SHA-256, in hexadecimal, of the canonical form."""
    form = {
        "form": FORM,
        "process": process_id,
        "name": name,
        "nodes": [_node(nodes[key]) for key in sorted(nodes)],
        "flows": [_value(flows[key]) for key in sorted(flows)],
    }
    text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _node(node: Node) -> dict[str, Any]:
    form: dict[str, Any] = _value(node)
    form["incoming"] = sorted(node.incoming)
    form["boundary"] = sorted(node.boundary)
    if node.kind is not Kind.EXCLUSIVE:
        form["outgoing"] = sorted(node.outgoing)
    return form


def _value(value: Any) -> Any:
    if isinstance(value, Source):
        return value.text
    if isinstance(value, Node | Flow | Loop | Mapped):
        return {f.name: _value(getattr(value, f.name)) for f in fields(value) if f.compare}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value
