"""Warrants and collisions as pages show them: with the words of their scene."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lianban.engines.forms.words import Words
from lianban.engines.scenes import Scene
from lianban.records.collisions import CollisionRow
from lianban.records.warrants import WarrantRow


def warrant_shown(row: WarrantRow, pack: Scene, now: datetime) -> dict[str, Any]:
    if row.revoked_at is not None:
        state = "revoked"
    elif row.expires_at <= now:
        state = "expired"
    else:
        state = "live" if row.used < row.quota else "used"
    basis = pack.legal_basis.get(row.legal_basis)
    return {
        "row": row, "state": state, "basis": basis.title if basis else Words(row.legal_basis, row.legal_basis),
        "questions": [title_of(pack, code) for code in row.questions],
    }  # fmt: skip


def collision_shown(row: CollisionRow, pack: Scene) -> dict[str, Any]:
    return {
        "row": row,
        "registries": [
            {"title": Words(one["zh"], one["en"]), "status": one["status"],
             "as_of": datetime.fromisoformat(one["as_of"]) if one["as_of"] else None,
             "why": Words(one["why_zh"], one["why_en"]) if one["why_zh"] else None}
            for one in row.registries
        ],
        "left": [(title_of(pack, code), why) for code, why in row.unsettled.items()],
    }  # fmt: skip


def title_of(pack: Scene, code: str) -> Words:
    return pack.questions[code].title if code in pack.questions else Words(code, code)
