"""Built-in functions on lists; positions count from 1, and from the end when negative."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from feeldmn.builtins.registry import built_in
from feeldmn.comparison import PLAIN, compare, equal
from feeldmn.runtime import FeelNull
from feeldmn.values import Function, kind_of


def _position(items: list[Any], position: Decimal, *, extra: int = 0) -> int:
    at = int(position)
    if at == 0 or abs(at) > len(items) + extra:
        raise FeelNull(
            "feel.index", f"the position {position} lies outside the list of {len(items)}: count from 1"
        )
    return at - 1 if at > 0 else len(items) + at


@built_in("list contains", "list: list, element: any", "boolean")
def _list_contains(runtime: Any, items: list[Any], element: Any) -> bool:
    """Say whether an element of the list equals the element."""
    runtime.spend(len(items))
    return any(equal(item, element) for item in items)


@built_in("count", "list: list", "number")
def _count(_: Any, items: list[Any]) -> Decimal:
    """Return the number of elements, nulls included."""
    return Decimal(len(items))


def _extreme(runtime: Any, items: list[Any], sign: int) -> Any:
    runtime.spend(len(items))
    if not items:
        raise FeelNull("feel.empty", "an empty list has neither a least nor a greatest element")
    best = items[0]
    if compare(best, best) is None:
        raise FeelNull("feel.comparison", f"{kind_of(best)} values have no order")
    for item in items[1:]:
        order = compare(item, best)
        if order is None:
            raise FeelNull("feel.comparison", f"{kind_of(item)} and {kind_of(best)} cannot be compared")
        if order * sign > 0:
            best = item
    return best


@built_in("min", "list...: any", "any")
def _min(runtime: Any, items: list[Any]) -> Any:
    """Return the least element."""
    return _extreme(runtime, items, -1)


@built_in("max", "list...: any", "any")
def _max(runtime: Any, items: list[Any]) -> Any:
    """Return the greatest element."""
    return _extreme(runtime, items, 1)


def _conclude(items: list[Any], decisive: bool) -> bool:
    """Three-valued `and` (decisive False) or `or` (decisive True) of a list."""
    unknown = False
    for item in items:
        if item is decisive:
            return decisive
        unknown = unknown or type(item) is not bool
    if unknown:
        raise FeelNull("feel.argument", "an element is no boolean, so that it cannot be told")
    return not decisive


@built_in("all", "list...: any", "boolean")
def _all(runtime: Any, items: list[Any]) -> bool:
    """False if any element is false, else true if all are true, else null."""
    runtime.spend(len(items))
    return _conclude(items, False)


@built_in("any", "list...: any", "boolean")
def _any(runtime: Any, items: list[Any]) -> bool:
    """True if any element is true, else false if all are false, else null."""
    runtime.spend(len(items))
    return _conclude(items, True)


@built_in("sublist", "list: list, start position: number, length?: number", "list")
def _sublist(runtime: Any, items: list[Any], start: Decimal, length: Decimal | None) -> list[Any]:
    """Return `length` elements (or all) from a start position."""
    begin = _position(items, start)
    if length is None:
        return items[begin:]
    count = int(length)
    if count < 1 or begin + count > len(items):
        raise FeelNull(
            "feel.index", f"{length} elements from position {start} do not lie in the list of {len(items)}"
        )
    runtime.spend(count)
    return items[begin : begin + count]


@built_in("append", "list: list, item...: any", "list")
def _append(runtime: Any, items: list[Any], more: list[Any]) -> list[Any]:
    """Return the list with the items added at its end."""
    runtime.spend(len(items))
    return items + more


def _concatenated(runtime: Any, lists: list[Any]) -> list[Any]:
    parts = [part if type(part) is list else [part] for part in lists]
    runtime.spend(sum(map(len, parts)))
    return [item for part in parts for item in part]


@built_in("concatenate", "list...: any", "list")
def _concatenate(runtime: Any, lists: list[Any]) -> list[Any]:
    """Return the elements of all lists, one list after the other."""
    return _concatenated(runtime, lists)


@built_in("insert before", "list: list, position: number, newItem: any", "list")
def _insert_before(runtime: Any, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """Return the list with a new item before the position."""
    at = _position(items, position)
    runtime.spend(len(items))
    return [*items[:at], new, *items[at:]]


@built_in("remove", "list: list, position: number", "list")
def _remove(runtime: Any, items: list[Any], position: Decimal) -> list[Any]:
    """Return the list without the element at the position."""
    at = _position(items, position)
    runtime.spend(len(items))
    return items[:at] + items[at + 1 :]


@built_in("list replace", "list: list, position: number, newItem: any", "list")
def _list_replace(runtime: Any, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """Return the list with the element at the position, or each that matches, replaced."""
    at = _position(items, position)
    runtime.spend(len(items))
    return [*items[:at], new, *items[at + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any", "list")
def _list_replace_match(runtime: Any, items: list[Any], match: Function, new: Any) -> list[Any]:
    """Replace each element for which `match(element, new item)` is true."""
    result = []
    for item in items:
        answer = match.call(runtime, [item, new])
        if type(answer) is not bool:
            raise FeelNull(
                "feel.argument", f"the match function must answer true or false, not {kind_of(answer)}"
            )
        result.append(new if answer else item)
    return result


@built_in("reverse", "list: list", "list")
def _reverse(runtime: Any, items: list[Any]) -> list[Any]:
    """Return the list in reverse order."""
    runtime.spend(len(items))
    return items[::-1]


@built_in("index of", "list: list, match: any", "list")
def _index_of(runtime: Any, items: list[Any], match: Any) -> list[Decimal]:
    """Return the positions of the elements that equal the match, in ascending order."""
    runtime.spend(len(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match)]


def _distinct(runtime: Any, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    seen: set[tuple[type, Any]] = set()
    compared: list[Any] = []  # values without a hash that agrees with their equality
    for item in items:
        if type(item) in PLAIN:
            if (type(item), item) not in seen:
                seen.add((type(item), item))
                kept.append(item)
            continue
        runtime.spend(len(compared))
        if not any(equal(item, other) for other in compared):
            compared.append(item)
            kept.append(item)
    return kept


@built_in("union", "list...: any", "list")
def _union(runtime: Any, lists: list[Any]) -> list[Any]:
    """Return the distinct elements of all lists."""
    return _distinct(runtime, _concatenated(runtime, lists))


@built_in("distinct values", "list: list", "list")
def _distinct_values(runtime: Any, items: list[Any]) -> list[Any]:
    """Return the list without duplicates."""
    runtime.spend(len(items))
    return _distinct(runtime, items)


def _flat(runtime: Any, items: list[Any], into: list[Any]) -> None:
    runtime.spend(len(items))
    for item in items:
        if type(item) is list:
            _flat(runtime, item, into)
        else:
            into.append(item)


@built_in("flatten", "list: list", "list")
def _flatten(runtime: Any, items: list[Any]) -> list[Any]:
    """Return the elements of the list and of all lists in it."""
    result: list[Any] = []
    _flat(runtime, items, result)
    return result


@built_in("sort", "list: list, precedes?: function", "list")
def _sort(runtime: Any, items: list[Any], precedes: Function | None) -> list[Any]:
    """Return the list in the order of `precedes(x, y)`, or of its values."""

    def order(left: Any, right: Any) -> int:
        if precedes is None:
            runtime.spend(1)
            found = compare(left, right)
            if found is None:
                raise FeelNull("feel.comparison", f"{kind_of(left)} and {kind_of(right)} cannot be compared")
            return found
        if precedes.call(runtime, [left, right]) is True:
            return -1
        return 1 if precedes.call(runtime, [right, left]) is True else 0

    if precedes is not None and not precedes.variadic and len(precedes.parameters) != 2:
        raise FeelNull(
            "feel.argument", f"precedes must take two values, but takes {len(precedes.parameters)}"
        )
    return sorted(items, key=cmp_to_key(order))
