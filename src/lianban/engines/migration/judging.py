"""Can a matter that rests here go on in the new version? Judged for each scope by where its tokens rest.

Thousands of matters rest at a handful of places. A :class:`Situation` is what one open scope looks like; the
database finds the different ones, each is judged once, and a matter moves when all its scopes may.

Besides looking for the elements, the judgement proves that the matter can still end: the search of
:mod:`lianban.engines.process.soundness` runs from the tokens as they would rest in the new version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lianban.engines.migration.mapping import Route, misfit
from lianban.engines.process import Kind, Node, ScopeKind
from lianban.engines.process.soundness import Place, Soundness


@dataclass(frozen=True, slots=True)
class Situation:
    """One open scope: its element, its kind, and its tokens as (element, flow), sorted."""

    element: str
    kind: ScopeKind
    rests: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a matter cannot move, at an element of the old version: a code, and a sentence with what to do."""

    code: str
    element: str
    name: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "element": self.element, "name": self.name, "zh": self.zh, "en": self.en}


def judge(route: Route, situation: Situation) -> tuple[Obstacle, ...]:
    """Everything that keeps a scope from going on in the new version; empty if it can."""
    home = _scope(route, situation)
    if isinstance(home, Obstacle):
        return (home,)
    found = [
        obstacle for element, flow in situation.rests for obstacle in _rest(route, situation, element, flow)
    ]
    found = list(dict.fromkeys(found))
    if not found and situation.kind is not ScopeKind.MULTI and not _own_branch(situation):
        found += _goes_on(route, situation)
    return tuple(found)


def _own_branch(situation: Situation) -> bool:
    """A branch of a multi-instance task: the task itself is all there is in it."""
    return situation.kind is ScopeKind.BRANCH and any(
        element == situation.element for element, _ in situation.rests
    )


def _scope(route: Route, situation: Situation) -> str | Obstacle:
    if situation.kind is ScopeKind.PROCESS:
        return route.new.process_id
    node = route.old.nodes[situation.element]
    target = route.elements.get(node.id)
    if target is None:
        return _removed(node)
    if reason := misfit(node, route.new.nodes[target]):
        return _changed(node, target, reason)
    return target


def _rest(route: Route, situation: Situation, element: str, flow: str | None) -> Iterator[Obstacle]:
    node = route.old.nodes[element]
    target = route.elements.get(element)
    if target is None:
        yield _removed(node)
        return
    after = route.new.nodes[target]
    if reason := misfit(node, after):
        yield _changed(node, target, reason)
        return
    if not _own_branch(situation):
        home = (
            route.new.process_id
            if situation.kind is ScopeKind.PROCESS
            else route.elements.get(situation.element)
        )
        if after.body != home:
            yield Obstacle(
                "moved",
                element,
                node.name,
                f"停在“{node.name}”（{element}），新版中“{after.name}”（{target}）在另一个范围（{after.body}）内。"
                "请待事项离开此环节，或改图使其留在原范围。",
                f'It rests at "{node.name}" ({element}); in the new version "{after.name}" ({target}) lies inside of'
                f" {after.body}. Wait until the matter has left this step, or draw the step where it was.",
            )
    if route.old.plans[element].is_join and not route.new.plans[target].is_join:
        yield Obstacle(
            "no-join",
            element,
            node.name,
            f"在汇合处“{node.name or element}”（{element}）等待，新版中 {target} 不再汇合。请待其他分支到达后再迁移。",
            f'It waits at the join "{node.name or element}" ({element}); {target} joins nothing in the new version.'
            " Wait until the other paths have arrived.",
        )
    elif route.new.plans[target].is_join and route.flows.get(flow or "") not in after.incoming:
        yield Obstacle(
            "flow",
            element,
            node.name,
            f"经流向 {flow} 到达汇合处 {element}，新版的 {target} 没有这个流向。请在对照表 flows 中指明，可用：{'、'.join(after.incoming)}。",
            f"It arrived at the join {element} by the flow {flow}, which {target} does not have. Say under flows of the"
            f" map which it is now; there are: {', '.join(after.incoming)}.",
        )


def _goes_on(route: Route, situation: Situation) -> Iterator[Obstacle]:
    """Would the tokens, where they are in the new version, all come to an end?"""
    elements = [route.elements[element] for element, _ in situation.rests]
    marking: list[Place] = []
    arrived: dict[str, set[str]] = {}
    for element, flow in situation.rests:
        target = route.elements[element]
        at_join = route.new.plans[target].is_join
        came_by = route.flows.get(flow or "", "") if at_join else ""
        marking.append((target, came_by, False))
        if at_join:
            arrived.setdefault(target, set()).add(came_by)
    if not marking:
        return
    soundness: Soundness = route.new.plans[elements[0]].soundness
    for join, flows in arrived.items():
        node = route.new.nodes[join]
        others = [element for element in elements if element != join]
        ready = (
            len(flows) == len(node.incoming)
            if node.kind is Kind.PARALLEL
            else soundness.inclusive_ready(node, flows, others)
        )
        if ready:
            # Joins are looked at when a token arrives; here nobody would arrive any more.
            yield Obstacle(
                "join-complete",
                join,
                node.name,
                f"新版中汇合处“{node.name or join}”（{join}）已无可等之分支，事项会停在此处。请待事项通过该汇合后再迁移。",
                f'At the join "{node.name or join}" ({join}) of the new version nothing is left to wait for, so nothing'
                " would set it going. Migrate the matter when it has passed the join.",
            )
            return
    report = soundness.examine_marking(tuple(marking))
    if report.ends:
        return
    stuck = (report.deadlocks or report.no_way_out or (elements[0],))[0]
    if not report.finished and not report.deadlocks and not report.no_way_out:
        if _unproven_before(route, situation):
            return
        yield Obstacle(
            "unproven",
            stuck,
            route.new.nodes[stuck].name,
            "新版流程图过于复杂，无法证明事项还能办结。请分步修改，或待事项离开此环节。",
            "The new drawing is too involved to prove that the matter can still end. Change it in steps, or wait until"
            " the matter has left this place.",
        )
        return
    name = route.new.nodes[stuck].name or stuck
    yield Obstacle(
        "stranded",
        stuck,
        route.new.nodes[stuck].name,
        f"按新版会永远停在“{name}”（{stuck}）：它等待的分支在新版中不会再到达。请待事项汇合后再迁移，或改图。",
        f'In the new version it would stay at "{name}" ({stuck}) for ever: a path it waits for will not arrive. Migrate'
        " after the join, or change the drawing.",
    )


def _unproven_before(route: Route, situation: Situation) -> bool:
    """The search gave up on the old version too, and the body is drawn as before: nothing has become worse."""
    first = route.old.plans[situation.rests[0][0]]
    body = first.node.body
    drawn_before = {
        (f.id, f.source, f.target) for f in route.old.flows.values() if route.old.nodes[f.source].body == body
    }
    drawn_now = {
        (f.id, f.source, f.target) for f in route.new.flows.values() if route.new.nodes[f.source].body == body
    }
    marking = tuple(
        (element, (flow or "") if route.old.plans[element].is_join else "", False)
        for element, flow in situation.rests
    )
    return drawn_before == drawn_now and not first.soundness.examine_marking(marking).finished


def _removed(node: Node) -> Obstacle:
    return Obstacle(
        "removed",
        node.id,
        node.name,
        f"停在“{node.name or node.id}”（{node.id}），新版中没有这个环节。请在对照表 elements 中写明 {node.id}: 新环节。",
        f'It rests at "{node.name or node.id}" ({node.id}), which the new version does not have. Say under elements of'
        f" the map where it goes on: {node.id}: NEW_ID.",
    )


def _changed(node: Node, target: str, reason: tuple[str, str]) -> Obstacle:
    return Obstacle(
        "kind",
        node.id,
        node.name,
        f"停在“{node.name or node.id}”（{node.id}），与新版的 {target} 不能对接：{reason[0]}。请在对照表中另选环节。",
        f'It rests at "{node.name or node.id}" ({node.id}), which does not fit {target} of the new version: {reason[1]}.'
        " Choose another element in the map.",
    )
