"""Built-in functions on contexts."""

from __future__ import annotations

from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.runtime import FeelNull
from feeldmn.values import kind_of


@built_in("get value", "m: context, key: string", "any")
def _get_value(_: Any, context: dict[str, Any], key: str) -> Any:
    """Return the value of the entry with that key, or null."""
    if key not in context:
        raise FeelNull(
            "feel.no_entry", f"the context has no entry {key!r}: it has {', '.join(context) or 'none'}"
        )
    return context[key]


@built_in("get entries", "m: context", "list")
def _get_entries(_: Any, context: dict[str, Any]) -> list[Any]:
    """Return a list of contexts with `key` and `value`."""
    return [{"key": key, "value": value} for key, value in context.items()]


@built_in("context", "entries: list", "context")
def _context(runtime: Any, entries: list[Any]) -> dict[str, Any]:
    """Return a context of a list of contexts with `key` and `value`."""
    runtime.spend(len(entries))
    result: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or "key" not in entry or "value" not in entry:
            raise FeelNull("feel.argument", "each entry must be a context with key and value")
        key = entry["key"]
        if type(key) is not str:
            raise FeelNull("feel.argument", f"a key must be a string, but {kind_of(key)} was found")
        if key in result:
            raise FeelNull("feel.duplicate", f"the key {key!r} occurs twice")
        result[key] = entry["value"]
    return result


@built_in("context put", "context: context, key: string, value: any", "context")
def _context_put(runtime: Any, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return the context with the entry added or replaced; `keys` leads to an entry of an inner context."""
    runtime.spend(len(context))
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any", "context")
def _context_put_nested(runtime: Any, context: Any, keys: list[Any], value: Any) -> dict[str, Any]:
    """Put a value at the end of a path of keys."""
    if not keys:
        raise FeelNull("feel.argument", "the list of keys is empty")
    first = keys[0]
    if type(first) is not str:
        raise FeelNull("feel.argument", f"a key must be a string, but {kind_of(first)} was found")
    if type(context) is not dict:
        raise FeelNull("feel.argument", f"the keys lead into a context, but {kind_of(context)} was found")
    runtime.spend(len(context) + 1)
    if len(keys) == 1:
        return {**context, first: value}
    return {**context, first: _context_put_nested(runtime, context.get(first, {}), keys[1:], value)}


@built_in("context merge", "contexts: list", "context")
def _context_merge(runtime: Any, contexts: list[Any]) -> dict[str, Any]:
    """Return one context with the entries of all; later ones win."""
    result: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            raise FeelNull(
                "feel.argument", f"the list must hold contexts only, but {kind_of(context)} was found"
            )
        runtime.spend(len(context))
        result.update(context)
    return result
