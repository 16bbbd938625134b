"""Complete tasks for callers who come at the same time: what waits is done in one transaction, set-wise.

An agency's system that hands in a thousand answers sends them at once, each as a call of its own. Whoever comes first
is served at once, alone; who comes meanwhile waits, and all who wait under the same key are then served together by
one of them. Nobody waits for a clock, and an idle server adds nothing.

What keeps the calls apart:

* Only calls of one key (one session, one agency's machine) share a transaction. It is entered with that key, so each
  call has exactly the context of its own: there is no transaction in which two identities act.
* Each has its own ledger entry, history and idempotency key, as if it had come alone. Two on one matter are done one
  after the other, never in one set.
* One that fails takes its own part back to a savepoint, and its caller gets its own error; the others go on.
* Nobody is answered before the commit. Killed before it, nothing happened; after it, all that happened was kept, and
  a call sent again with its idempotency key gets its answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from lianban.actions.acting import Acting
from lianban.actions.complete_task import Completion, complete_tasks
from lianban.actions.errors import ArrivedBefore
from lianban.records import idempotency
from lianban.records.context import Identity, entered
from lianban.records.idempotency import Arrival, Before
from lianban.records.tasks import matters_of

MOST = 100
"""Calls in one transaction: more would hold the locks of the first for long."""


class NobodyEntered(Exception):
    """The key is unknown, ended or idle. Each door has its own way to say so."""


@dataclass(frozen=True, slots=True)
class Once:
    """Under which key a call arrived, what it asks (a digest, by who asks), and what it is answered."""

    key: str
    asked: Callable[[Identity], bytes]
    status: int
    response: Any


@dataclass(frozen=True, slots=True)
class Call:
    """One caller's completion of one task. ``key`` is that of the session or the machine; ``now`` is its arrival."""

    key: bytes
    completion: Completion
    now: datetime
    purpose: str
    once: Once | None = None


@dataclass(slots=True)
class _Waiting:
    call: Call
    woken: threading.Event = field(default_factory=threading.Event)
    said: Before | BaseException | None = None
    served: bool = False

    def answer(self, said: Before | BaseException | None) -> None:
        self.said, self.served = said, True


class Together:
    """One for a process. ``complete`` is called by as many threads as there are requests.

    ``batch`` is told how many calls each transaction served, for whoever measures it.
    """

    def __init__(self, most: int = MOST, batch: Callable[[int], None] = lambda served: None) -> None:
        self._most, self._batch = most, batch
        self._lock = threading.Lock()
        # Who waits, by key and purpose; a queue is there as long as somebody is being served from it.
        self._queues: dict[tuple[bytes, str], list[_Waiting]] = {}

    def complete(self, call: Call) -> Before | None:
        """Complete the task; the earlier answer where this call arrived before. Raises what completing it alone
        would raise, and :class:`NobodyEntered`."""
        own, place = _Waiting(call), (call.key, call.purpose)
        with self._lock:
            leads = place not in self._queues
            self._queues.setdefault(place, []).append(own)
        if not leads:
            own.woken.wait()
        if not own.served:
            self._serve(place, own)
        if isinstance(own.said, BaseException):
            raise own.said
        return own.said

    def _serve(self, place: tuple[bytes, str], own: _Waiting) -> None:
        """Serve whoever waits now, ``own`` first among them, and leave the rest to one of the rest."""
        with self._lock:
            taken, self._queues[place] = self._queues[place][: self._most], self._queues[place][self._most :]
        try:
            serve(taken)
        except Exception as error:
            # The transaction as a whole failed: it could not begin, or its commit did not come through.
            for one in taken:
                one.answer(error)
        finally:
            for one in taken:
                if not one.served:  # this thread was told to end: the others are answered all the same
                    one.answer(OperationalError("the server stopped before the commit"))
            self._batch(len(taken))
            with self._lock:
                if self._queues[place]:
                    self._queues[place][0].woken.set()
                else:
                    del self._queues[place]
            for one in taken:
                one.woken.set()


def serve(waiting: Sequence[_Waiting]) -> None:
    """One transaction for calls of one key."""
    key, purpose = waiting[0].call.key, waiting[0].call.purpose
    said: dict[int, Before | BaseException | None] = {}
    with entered(key) as identity:
        if identity is None:
            raise NobodyEntered
        acting = Acting(identity, max(one.call.now for one in waiting), purpose)
        for calls in _rounds([one.call for one in waiting]):
            said |= _some(acting, identity, calls)
        if transaction.get_rollback():
            # A savepoint could not be taken back (the connection is lost): nothing of this will be committed.
            raise OperationalError("the transaction was lost")
    for number, one in enumerate(waiting):
        one.answer(said[number])


Numbered = list[tuple[int, Call]]


def _rounds(calls: Sequence[Call]) -> Iterable[Numbered]:
    """Sets in which no two concern one matter or one idempotency key. Almost always it is one set."""
    rest = list(enumerate(calls))
    matters: Mapping[UUID, UUID] = {}
    if len(calls) > 1:
        with connection.cursor() as cursor:
            matters = matters_of(cursor, [call.completion.task for call in calls])
    while rest:
        met: set[Any] = set()
        chosen: Numbered = []
        later: Numbered = []
        for number, call in rest:
            task = call.completion.task
            marks = {matters.get(task, task), call.once.key if call.once else None} - {None}
            (later if marks & met else chosen).append((number, call))
            met |= marks
        yield chosen
        rest = later


def _some(acting: Acting, identity: Identity, calls: Numbered) -> dict[int, Before | BaseException | None]:
    """Do these set-wise. Where one of them fails, each half is tried for itself, down to the one that fails."""
    try:
        with transaction.atomic():
            return _all(acting, identity, calls)
    except Exception as error:
        if len(calls) == 1:
            return {calls[0][0]: error}
    half = len(calls) // 2
    return _some(acting, identity, calls[:half]) | _some(acting, identity, calls[half:])


def _all(acting: Acting, identity: Identity, calls: Numbered) -> dict[int, Before | BaseException | None]:
    said: dict[int, Before | BaseException | None] = {}
    arrivals = {
        number: Arrival(call.once.key, call.once.asked(identity), call.once.status, call.once.response)
        for number, call in calls
        if call.once
    }
    with connection.cursor() as cursor:
        before = idempotency.arrive_and_answer(cursor, identity.agency, arrivals.values(), acting.now)
    for number, arrival in arrivals.items():
        if (known := before.get(arrival.key)) is not None:
            said[number] = known if known.request == arrival.request else ArrivedBefore(key=arrival.key[:60])
    new = [(number, call) for number, call in calls if number not in said]
    if new:
        complete_tasks(acting, [call.completion for _, call in new])
    return said | {number: None for number, _ in new}
