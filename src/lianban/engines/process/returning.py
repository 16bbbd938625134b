"""Return 退回: to which earlier steps may a task be sent back?

A return puts the token at an earlier user task of the same scope. It is refused where the drawing could
then hang: out of a parallel block whose other paths are still open, or back into one that has been joined.
The search of :mod:`soundness` proves it for the tokens as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lianban.engines.process.errors import CannotSendBack, WorkIsOver
from lianban.engines.process.graph import Graph, Kind
from lianban.engines.process.rows import ScopeKind, TokenRow
from lianban.engines.process.soundness import Place
from lianban.engines.process.state import State


def return_targets(graph: Graph, state: State, token_id: UUID) -> tuple[str, ...]:
    """The elements the task at ``token_id`` may be sent back to, in drawing order."""
    token = state.tokens.get(token_id)
    if token is None:
        raise WorkIsOver(what="token", id=str(token_id))
    scope = state.scopes[token.scope_id]
    own_branch = scope.kind is ScopeKind.BRANCH and scope.element == token.element
    in_scope = [other for other in state.tokens.values() if other.scope_id == token.scope_id]
    return _targets(graph, token, in_scope, own_branch)


def refuse_return(
    graph: Graph, token: TokenRow, in_scope: Iterable[TokenRow], to_element: str, own_branch: bool
) -> None:
    """Raise :class:`CannotSendBack` unless the return is possible. ``in_scope`` are all tokens of the scope."""
    in_scope = list(in_scope)
    reason = _reason(graph, token, in_scope, to_element, own_branch)
    if reason is None:
        return
    node, target = graph.nodes[token.element], graph.nodes.get(to_element)
    possible = _targets(graph, token, in_scope, own_branch)
    raise CannotSendBack(
        element=node.id,
        name=node.name,
        target=to_element,
        target_name=target.name if target else "",
        reason_zh=reason[0],
        reason_en=reason[1],
        possible="、".join(possible) or "—",
    )


def _targets(graph: Graph, token: TokenRow, in_scope: list[TokenRow], own_branch: bool) -> tuple[str, ...]:
    body = graph.bodies[graph.nodes[token.element].body]
    return tuple(key for key in body.nodes if _reason(graph, token, in_scope, key, own_branch) is None)


def _reason(
    graph: Graph, token: TokenRow, in_scope: list[TokenRow], to_element: str, own_branch: bool
) -> tuple[str, str] | None:
    node, target = graph.nodes[token.element], graph.nodes.get(to_element)
    if node.kind is not Kind.USER or (node.loop is not None and not own_branch):
        return "只有用户任务可以退回", "only a user task can be sent back"
    if own_branch:
        return "分支里只有这一个环节", "the branch has only this one step"
    if target is None or target.kind is not Kind.USER or target.body != node.body:
        return "目标不是同一范围内的用户任务", "the target is not a user task of the same scope"
    soundness = graph.plans[node.id].soundness
    if not soundness.is_earlier(to_element, node.id, graph.bodies[node.body].start):
        return "目标不在此环节之前", "the target does not come before this step"
    marking: list[Place] = [(to_element, "", False)]
    for other in in_scope:
        if other.id != token.id:
            at_join = graph.plans[other.element].is_join
            marking.append((other.element, (other.flow or "") if at_join else "", False))
    if not soundness.examine_marking(tuple(marking)).ends:
        return "并行的其他路径会因此永远等待", "parallel paths would wait for ever"
    return None
