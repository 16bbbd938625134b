"""Does every way through a body end? A bounded search over its markings, with conditions left open.

A marking is where the tokens are. From each the search takes one token that can move and follows all it
may do: every outgoing flow of a choice, every boundary event. Taking one token is enough because the moves
of different tokens do not disturb each other (a persistent set in the sense of Godefroid, "Partial-Order
Methods for the Verification of Concurrent Systems", 1996); joins move only when nothing else can. Sub-processes
and multi-instance activities count as one step: their insides are bodies of their own.

The same search says whether a return 退回 would leave a join waiting for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from lianban.engines.process.graph import Flow, Kind, Node

#: Beyond so many markings the search gives up and says nothing.
MAX_MARKINGS = 4000
#: Beyond so many moves likewise.
MAX_EDGES = 20_000
#: More tokens than this at once means that a loop breeds them; the search gives up.
MAX_TOKENS = 60
#: Reports kept by one graph.
MAX_REPORTS = 1000

#: A token: element, the flow it came by (kept only at joins), whether its boundary event has fired once.
Place: TypeAlias = tuple[str, str, bool]
Marking: TypeAlias = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``finished`` is False when the search gave up; then the lists hold only what was proved."""

    finished: bool
    deadlocks: tuple[str, ...]
    no_way_out: tuple[str, ...]

    @property
    def ends(self) -> bool:
        """Proved: every way ends."""
        return self.finished and not self.deadlocks and not self.no_way_out


class Soundness:
    """Searches the bodies of one graph."""

    def __init__(self, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> None:
        self.nodes = nodes
        self.flows = flows
        self._reach: dict[str, dict[str, frozenset[str]]] = {}
        self._loops: dict[str, bool] = {}
        self._reports: dict[Marking, Report] = {}

    def examine(self, start: str) -> Report:
        """Search from a fresh token at ``start``."""
        return self.examine_marking(((start, "", False),))

    def examine_marking(self, marking: Marking) -> Report:
        """Search from any marking of one body. Reports are kept: matters rest at the same few markings."""
        first = tuple(sorted(marking))
        if first not in self._reports:
            if len(self._reports) >= MAX_REPORTS:
                self._reports.clear()
            self._reports[first] = self._search(first)
        return self._reports[first]

    def _search(self, first: Marking) -> Report:
        successors: dict[Marking, list[Marking]] = {}
        queue = [first]
        deadlocks: dict[str, None] = {}
        finished = True
        edges = 0
        while queue:
            current = queue.pop()
            if current in successors:
                continue
            if len(successors) >= MAX_MARKINGS or edges >= MAX_EDGES or len(current) > MAX_TOKENS:
                finished = False
                break
            following = list(dict.fromkeys(self._moves(current)))
            successors[current] = following
            edges += len(following)
            if not following and current:
                deadlocks[current[0][0]] = None
            queue += following
        no_way_out: dict[str, None] = {}
        if finished and not deadlocks:
            for stranded in successors.keys() - self._can_end(successors):
                no_way_out[stranded[0][0]] = None
        return Report(finished, tuple(deadlocks), tuple(sorted(no_way_out))[:1])

    @staticmethod
    def _can_end(successors: Mapping[Marking, list[Marking]]) -> set[Marking]:
        before: dict[Marking, list[Marking]] = {}
        for marking, following in successors.items():
            for after in following:
                before.setdefault(after, []).append(marking)
        ending: set[Marking] = set()
        queue: list[Marking] = [()]
        while queue:
            marking = queue.pop()
            if marking not in ending:
                ending.add(marking)
                queue += before.get(marking, [])
        return ending

    def is_earlier(self, target: str, element: str, start: str) -> bool:
        """Whether the drawing reaches ``element`` through ``target``, and ``target`` before ``element``."""
        return element in self._after(target, avoiding="") and target in self._after(start, avoiding=element)

    def _after(self, start: str, avoiding: str) -> set[str]:
        seen: set[str] = set()
        queue = [start]
        while queue:
            key = queue.pop()
            if key == avoiding:
                continue
            node = self.nodes[key]
            following = [self.flows[flow].target for flow in node.outgoing]
            for boundary in node.boundary:
                following += [self.flows[flow].target for flow in self.nodes[boundary].outgoing]
            queue += [after for after in following if after not in seen]
            seen.update(following)
        return (seen | {start}) - {avoiding}

    def loops(self, element: str) -> bool:
        """Whether a token at ``element`` can come back to it."""
        if element not in self._loops:
            node = self.nodes[element]
            out = [*node.outgoing, *(flow for key in node.boundary for flow in self.nodes[key].outgoing)]
            self._loops[element] = any(
                element in self._after(self.flows[flow].target, avoiding="") for flow in out
            )
        return self._loops[element]

    def _moves(self, marking: Marking) -> Iterator[Marking]:
        waiting: list[Place] = []
        # Tokens that cannot come back move first: else one that goes round a loop with a reminder on it would
        # leave a reminder behind in every round, and the search would never end.
        if len(marking) > 1:
            marking = tuple(sorted(marking, key=lambda place: (self.loops(place[0]), place)))
        for place in marking:
            node = self.nodes[place[0]]
            if self.is_join(node):
                waiting.append(place)
            else:
                yield from self._move(marking, place, node)
                return
        for element in dict.fromkeys(place[0] for place in waiting):
            node = self.nodes[element]
            arrived = {place[1]: place for place in waiting if place[0] == element}
            if node.kind is Kind.PARALLEL:
                ready = len(arrived) == len(node.incoming)
            else:
                others = [place[0] for place in marking if place[0] != element]
                ready = self.inclusive_ready(node, set(arrived), others)
            if ready:
                rest = list(marking)
                for place in arrived.values():
                    rest.remove(place)
                for flows in self._exits(node):
                    yield self._with(rest, flows)
                return

    def _move(self, marking: Marking, place: Place, node: Node) -> Iterator[Marking]:
        rest = list(marking)
        rest.remove(place)
        if node.kind in (Kind.TERMINATE, Kind.ERROR_END):
            yield ()
            return
        for flows in self._exits(node):
            yield self._with(rest, flows)
        for key in node.boundary:
            boundary = self.nodes[key]
            if boundary.interrupting:
                yield self._with(rest, boundary.outgoing)
            elif not place[2]:
                yield self._with([*rest, (place[0], place[1], True)], boundary.outgoing)

    def _exits(self, node: Node) -> Iterator[tuple[str, ...]]:
        out = node.outgoing
        if node.kind in (Kind.EXCLUSIVE, Kind.EVENT_BASED) and out:
            yield from ((flow,) for flow in out)
        elif len(out) > 1 and (node.kind is Kind.INCLUSIVE or any(self.flows[f].condition for f in out)):
            conditional = [f for f in out if self.flows[f].condition]
            always = tuple(f for f in out if not self.flows[f].condition and f != node.default)
            sizes = range(1, len(conditional) + 1) if len(conditional) <= 5 else (1, len(conditional))
            for size in sizes:
                for chosen in combinations(conditional, size):
                    yield always + chosen
            if node.default or always:
                yield always or (str(node.default),)
        else:
            yield out

    def _with(self, rest: list[Place], flows: tuple[str, ...]) -> Marking:
        places = list(rest)
        for flow in flows:
            target = self.flows[flow].target
            places.append((target, flow if self.is_join(self.nodes[target]) else "", False))
        return tuple(sorted(places))

    @staticmethod
    def is_join(node: Node) -> bool:
        """A gateway at which tokens wait for each other."""
        return len(node.incoming) > 1 and node.kind in (Kind.PARALLEL, Kind.INCLUSIVE)

    def inclusive_ready(self, node: Node, arrived: set[str], others: list[str]) -> bool:
        """BPMN 2.0, table 13.3: a token elsewhere is waited for if it can reach an empty incoming flow
        and cannot reach one that has a token, without passing through the gateway."""
        reach = self.reach(node.id)
        for element in set(others):
            flows = reach.get(element)
            if flows and not flows <= arrived and not flows & arrived:
                return False
        return True

    def reach(self, join: str) -> dict[str, frozenset[str]]:
        """For every element of the body, the incoming flows of ``join`` that a token there can reach."""
        if join not in self._reach:
            found: dict[str, set[str]] = {}
            for flow in self.nodes[join].incoming:
                queue = [self.flows[flow].source]
                seen: set[str] = {join}
                while queue:
                    key = queue.pop()
                    if key in seen:
                        continue
                    seen.add(key)
                    found.setdefault(key, set()).add(flow)
                    node = self.nodes[key]
                    queue += [self.flows[f].source for f in node.incoming]
                    if node.attached_to:
                        queue.append(node.attached_to)
            self._reach[join] = {key: frozenset(flows) for key, flows in found.items()}
        return self._reach[join]
