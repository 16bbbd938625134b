"""Order that open matters go on in another version of their drawing, or that they go back: the owner's decision.

The order is given in a session, by the agency that owns the scene; the worker then carries it out
(:mod:`lianban.actions.migrate_matters`, :mod:`lianban.actions.roll_back_migration`) and cannot do so without one.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.errors import (
    MigrationIsFinished,
    MigrationNotFound,
    SceneOwnedByAnother,
    VersionNotFound,
)
from lianban.actions.permissions import require, require_reason
from lianban.engines.migration import ElementMap, route
from lianban.records import migration_orders, scenes
from lianban.records.directory import directory
from lianban.records.history import Entry, append_entries
from lianban.records.identity import new_id
from lianban.records.migration_orders import Order, Version


def version_of(found: list[Version], scene: str, number: int) -> Version:
    """One stored version. Raises :class:`VersionNotFound`."""
    for version in found:
        if version.number == number:
            return version
    known = ", ".join(str(version.number) for version in found) or "—"
    raise VersionNotFound(scene=scene, version=number, known=known)


def order_migration(
    acting: Acting, scene: str, from_version: int, to_version: int, chosen: ElementMap, reason: str
) -> UUID:
    """Order that the open matters of one version go on in another; returns the order's id. Nothing moves yet.

    Raises :class:`SceneOwnedByAnother`, :class:`VersionNotFound`, and what :func:`route` raises for the map.
    """
    reason = require_reason("migrate_matters", reason)
    with transaction.atomic(), connection.cursor() as cursor:
        _require_owner(acting, cursor, scene)
        known = migration_orders.versions(cursor, scene)
        one, other = version_of(known, scene, from_version), version_of(known, scene, to_version)
        if one.id == other.id:
            raise VersionNotFound(
                scene=scene,
                version=to_version,
                known=", ".join(str(v.number) for v in known if v != one) or "—",
            )
        route(scenes.graph_of(cursor, one.id), scenes.graph_of(cursor, other.id), chosen)
        return _add(acting, cursor, scene, one.id, other.id, None, chosen, reason)


def order_roll_back(acting: Acting, migration: UUID, reason: str) -> UUID:
    """Order that the matters a migration moved go back, as far as they have not moved on."""
    reason = require_reason("migrate_matters", reason)
    with transaction.atomic(), connection.cursor() as cursor:
        done = migration_orders.order(cursor, migration)
        if done is None or done.undoes is not None:
            raise MigrationNotFound(migration=str(migration))
        _require_owner(acting, cursor, done.scene)
        return _add(
            acting, cursor, done.scene, done.to_drawing, done.from_drawing, done.id,
            ElementMap.from_dict(done.map), reason,
        )  # fmt: skip


def open_order(order: Order | None, key: UUID, undoing: bool) -> Order:
    """An order that is still to be carried out. Raises :class:`MigrationNotFound`, :class:`MigrationIsFinished`."""
    if order is None or (order.undoes is not None) is not undoing:
        raise MigrationNotFound(migration=str(key))
    if order.finished_at is not None:
        raise MigrationIsFinished(migration=str(key), moved=order.moved, kept=order.kept)
    return order


def _require_owner(acting: Acting, cursor: object, scene: str) -> None:
    require(acting, "migrate_matters")
    pack = scenes.scene(scene)
    agency = directory(cursor).agencies.get(acting.agency) if acting.agency else None
    if acting.officer is None or agency is None or agency.kind != pack.owner:
        raise SceneOwnedByAnother(scene=scene, owner=pack.owner, own=agency.kind if agency else "—")


def _add(
    acting: Acting, cursor: object, scene: str, one: UUID, other: UUID, undoes: UUID | None, chosen: ElementMap,
    reason: str,
) -> UUID:  # fmt: skip
    assert acting.officer is not None
    assert acting.agency is not None
    assert acting.post is not None
    made = Order(new_id(), scene, one, other, undoes, chosen.as_dict(), acting.officer, acting.agency, reason,
                 acting.now, None, 0, 0)  # fmt: skip
    migration_orders.add_order(cursor, made, acting.post)
    said = {"scene": scene, "migration": str(made.id), "from_drawing": str(one), "to_drawing": str(other),
            "undoes": str(undoes) if undoes else None, "map": made.map, "reason": reason}  # fmt: skip
    append_entries(cursor, acting.by, [Entry("migration.ordered", said=said)], acting.now)
    return made.id
