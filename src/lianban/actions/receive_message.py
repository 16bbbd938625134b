"""A message 消息 arrives for matters that wait for it: what a receive task or a catching event of their drawing asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lianban.actions.acting import Acting
from lianban.actions.errors import NothingToDo
from lianban.actions.permissions import require
from lianban.actions.work import MatterRow, Work, working
from lianban.engines.process.events import MessageReceived
from lianban.records import scenes
from lianban.records.history import Entry


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its name in the drawing, for which matter, and what the drawing's expressions may read of it."""

    matter: UUID
    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


def receive_messages(acting: Acting, messages: Sequence[Message]) -> None:
    """Deliver one or many messages, all or none. Each goes to the first token of its matter that waits for it, in the
    branches the acting agency sees. Raises :class:`NothingToDo` where none waits."""
    require(acting, "receive_message")
    with working(acting) as work:
        work.lock({message.matter for message in messages})
        for message in messages:
            _deliver(work, work.open(message.matter), message)


def receive_message(
    acting: Acting, matter: UUID, name: str, variables: Mapping[str, Any] | None = None
) -> None:
    receive_messages(acting, [Message(matter, name, variables or {})])


def _deliver(work: Work, matter: MatterRow, message: Message) -> None:
    graph = scenes.graph_of(work.cursor, matter.drawing)
    waiting = list(graph.receivers(message.name))
    work.cursor.execute(
        "SELECT id, scope_id FROM token WHERE matter_id = %s AND element = ANY(%s) ORDER BY id",
        [matter.id, waiting],
    )
    found = work.cursor.fetchall()
    work.load([scope for _, scope in found])
    known = work.loaded[matter.id].state.tokens if matter.id in work.loaded else {}
    token = next((token for token, _ in found if token in known), None)
    if token is None:
        raise NothingToDo(
            act=f"接收消息“{message.name[:40]}”",
            reason_zh="该事项现在没有环节等待这个消息",
            reason="nothing in the matter waits for it now",
        )
    at = work.acting.now
    names = scenes.names_read(graph)
    read = {key: value for key, value in message.variables.items() if key in names}
    work.happen(matter, "message.received", at, activity=None, milestone=False, name=message.name)
    work.enter(Entry("message.received", matter.id, said={"name": message.name, "variables": sorted(read)}))
    work.advance(matter, MessageReceived(message.name, token_id=token, variables=read), at)
