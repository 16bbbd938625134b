"""查询授权与数据碰撞: the warrants of a matter, what was asked on them, and what a night found."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from lianban.actions.act_on_matter import may_act
from lianban.actions.look import look
from lianban.doors.web.collisions_shown import collision_shown, warrant_shown
from lianban.doors.web.reading import acting_of
from lianban.doors.web.registries import hit_shown
from lianban.engines.forms.words import Words
from lianban.records import collisions, matter_view, people, scenes, warrants
from lianban.records.directory import directory
from lianban.records.matter_view import MatterHead


def part(request: HttpRequest, head: MatterHead) -> dict[str, Any]:
    acting = acting_of(request)
    pack = scenes.scene(head.scene)
    with connection.cursor() as cursor:
        issued = warrants.of_matter(cursor, head.id)
        rows = collisions.of_matter(cursor, head.id)
        # What an answer holds is read in the answer; here stands what was found beside the letters.
        hits = [
            one for one in collisions.hits_of_matter(cursor, head.id) if one.letter is None and one.fields
        ]
        parties = {one.id: one.name for one in matter_view.parties(cursor, head.id)} if hits else {}
        names = people.names(cursor, [one.requester for one in issued])
        lookup = directory(cursor)
        refused = next(
            (
                one
                for one in matter_view.events(cursor, head.id, limit=40)
                if one.kind == "collisions.refused"
            ),
            None,
        )
    look(acting, head.id, {one.party for one in hits if one.party in parties}, "collisions")
    return {
        "warrants": [warrant_shown(one, pack, acting.now) for one in issued], "names": names, "agencies": lookup.agencies,
        "rows": [collision_shown(one, pack) for one in rows], "hits": [hit_shown(one, pack.questions) for one in hits],
        "parties": parties,
        "warrant_acts": [act for act in pack.acts.values()
                         if act.about == "warrant" and may_act(acting, head.lead, head.state, act)],
        "refused": {"at": refused.occurred_at, "why": Words(str(refused.data.get("zh", "")), str(refused.data.get("en", "")))}
        if refused and (not rows or refused.occurred_at >= rows[0].occurred_at) else None,
    }  # fmt: skip
