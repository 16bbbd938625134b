"""Act on matters outside their drawing: what the scene's ``acts`` declare, each checked by its form and its role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from lianban.actions import timing
from lianban.actions.abilities import ACTS, Doing
from lianban.actions.acting import Acting
from lianban.actions.errors import (
    ActNotInThisState,
    ActUnknown,
    OccurredInTheFuture,
    RecordMissing,
    RoleMayNot,
)
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.scenes import Act as ActDeclared
from lianban.engines.scenes import Scene
from lianban.records import scenes
from lianban.records.history import Entry


@dataclass(frozen=True, slots=True)
class Act:
    """One act: which of the scene's, in which matter, on which record, and what its form says."""

    matter: UUID
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    record: UUID | None = None
    occurred_at: datetime | None = None


def act_on_matters(acting: Acting, acts: Sequence[Act]) -> list[UUID | None]:
    """Do one or many acts, all or none, in the order given; returns the record each made or changed."""
    with working(acting) as work:
        return act_in(work, acts)


def act_on_matter(
    acting: Acting, matter: UUID, code: str, data: Mapping[str, Any] | None = None, record: UUID | None = None
) -> UUID | None:
    return act_on_matters(acting, [Act(matter, code, data or {}, record)])[0]


def act_in(work: Work, acts: Sequence[Act]) -> list[UUID | None]:
    """The same within a unit of work that is already open."""
    work.lock({act.matter for act in acts})
    return [_do(work, act) for act in acts]


def may_act(acting: Acting, lead: UUID, state: str, act: ActDeclared) -> bool:
    """Whether the acting post may do this act in a matter of that lead and state now."""
    return acting.agency == lead and acting.role in act.roles and act.possible(state)


def declared_act(pack: Scene, code: str) -> ActDeclared:
    """The act of a scene by its code. Raises :class:`ActUnknown`, which names those there are."""
    try:
        return pack.acts[code]
    except KeyError as error:
        raise ActUnknown(act=code[:60], scene=pack.title.zh, known="、".join(pack.acts) or "—") from error


def _do(work: Work, act: Act) -> UUID | None:
    matter = work.matters[act.matter]
    pack = scenes.scene(matter.scene)
    declared = declared_act(pack, act.code)
    at = act.occurred_at or work.acting.now
    _require(work.acting, matter, declared)
    if at > work.acting.now + timing.TOLERANCE:
        raise OccurredInTheFuture(occurred_at=at.isoformat())
    if declared.about is not None and act.record is None:
        raise RecordMissing(act=declared.title.zh, about=declared.about)
    data = dict(act.data)
    pack.forms[declared.form].check(data, demo=settings.DEMO)
    outcome = ACTS[declared.verb](Doing(work, matter, data, at, act.record))
    record = outcome.record or act.record
    work.happen(
        matter, declared.verb, at, activity=outcome.activity, milestone=outcome.milestone, act=declared.code,
        **outcome.shown,
    )  # fmt: skip
    work.enter(
        Entry(
            act=declared.verb,
            matter=matter.id,
            subjects=outcome.subjects,
            said={"act": declared.code, "record": str(record or ""), "occurred_at": at, **outcome.said},
            evidence=outcome.evidence,  # type: ignore[arg-type]
        )
    )
    return record


def _require(acting: Acting, matter: MatterRow, act: ActDeclared) -> None:
    if acting.agency != matter.lead_agency or acting.role not in act.roles:
        raise RoleMayNot(act=act.title.zh, needed=" / ".join(act.roles), own=acting.role)
    if not act.possible(matter.state):
        raise ActNotInThisState(act=act.title.zh, number=matter.number, state=matter.state)
