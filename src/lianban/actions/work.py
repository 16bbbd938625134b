"""One act's work on one or many matters: lock, step, collect, write set-wise, in one transaction.

An action makes a :class:`Work`, locks its matters in the order of their ids (so that two acts on the same
matters wait for each other instead of deadlocking), moves them through their drawings, and leaves the block:
then every group of changes is written with one statement, whatever the number of matters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lianban.actions import abilities, grouping, timing
from lianban.actions.acting import Acting
from lianban.actions.collector import keep_what_is_loaded
from lianban.actions.errors import MatterIsClosed, MatterNotFound, ServicesWithoutEnd
from lianban.engines.process import step
from lianban.engines.process.events import (
    CallService,
    Change,
    Effect,
    Ended,
    ServiceCompleted,
    SignalReceived,
    ThrowSignal,
)
from lianban.engines.process.rows import RowState
from lianban.engines.process.state import settle
from lianban.engines.process.timers import TimerSpec
from lianban.records import history, process_rows, scenes
from lianban.records.bulk import insert_many, update_many
from lianban.records.directory import Directory, directory
from lianban.records.history import Entry, Happened
from lianban.records.identity import new_id
from lianban.records.letters import LetterRow, Letters
from lianban.records.process_rows import Loaded, Writes
from lianban.records.sending import plan_anew, plan_once, without_waiting
from lianban.records.tasks import TaskRow

MOST_SERVICES = 1000
"""How many services one act may call for one matter before its drawing is taken to run in a circle."""


_MATTER = "SELECT id, scene, number, drawing_id, lead_agency_id, state, opened_at, last_event, closed_at FROM matter"


@dataclass(slots=True)
class MatterRow:
    id: UUID
    scene: str
    number: str
    drawing: UUID
    lead_agency: UUID
    state: str
    opened_at: datetime
    last_event: int
    closed_at: datetime | None = None
    # What the history held when the lock was taken, and whether this act opened the matter.
    known_event: int = 0
    new: bool = False


@dataclass(slots=True)
class Work:
    acting: Acting
    cursor: Any
    matters: dict[UUID, MatterRow] = field(default_factory=dict)
    loaded: dict[UUID, Loaded] = field(default_factory=dict)
    letters: Letters = field(default_factory=Letters)
    _changes: dict[UUID, list[Change]] = field(default_factory=lambda: defaultdict(list))
    at: dict[UUID, datetime] = field(default_factory=dict)
    _happened: list[Happened] = field(default_factory=list)
    _entries: list[Entry] = field(default_factory=list)
    _extra_tasks: list[tuple[Any, ...]] = field(default_factory=list)
    _asked: list[tuple[Any, ...]] = field(default_factory=list)
    _legs: list[tuple[Any, ...]] = field(default_factory=list)
    # What one act read and reads again: who stands in a matter, whether an agency answers by itself.
    memory: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    _last: list[Callable[[], None]] = field(default_factory=list)
    _served: int = 0
    _told: set[UUID] = field(default_factory=set)
    # Tasks that an earlier part of this act completed.
    completed: set[UUID] = field(default_factory=set)

    @property
    def directory(self) -> Directory:
        return directory(self.cursor)

    # --- matters

    def lock(self, ids: Iterable[UUID]) -> None:
        """Lock matters, in the order of their ids. Raises :class:`MatterNotFound` for one that is not seen."""
        wanted = sorted(set(ids) - set(self.matters))
        if not wanted:
            return
        self.ask_locks(self.cursor, "id = ANY(%s)", wanted)
        self.take_locks(self.cursor)
        if len(set(wanted) & set(self.matters)) != len(wanted):
            raise MatterNotFound

    def ask_locks(self, cursor: Any, which: str, ids: list[UUID]) -> None:
        """Ask for the locks of the matters ``which`` says, in the order of their ids; :meth:`take_locks` has them."""
        cursor.execute(f"{_MATTER} WHERE {which} ORDER BY id FOR UPDATE", [ids])

    def take_locks(self, cursor: Any) -> None:
        for row in cursor.fetchall():
            matter = MatterRow(*row)
            if matter.id not in self.matters:  # one that is known was changed in memory
                matter.known_event = matter.last_event
                self.matters[matter.id] = matter

    def open(self, matter_id: UUID) -> MatterRow:
        matter = self.matters[matter_id]
        if matter.state != "open":
            raise MatterIsClosed(number=matter.number)
        return matter

    def load(self, scope_ids: Iterable[UUID]) -> None:
        """Read the process rows around these scopes, all matters in one go."""
        for matter, rows in process_rows.load(self.cursor, scope_ids).items():
            known = self.loaded.get(matter)
            if known is None:
                self.loaded[matter] = rows
            else:
                known.state = type(known.state)(
                    {**rows.state.scopes, **known.state.scopes},
                    {**rows.state.tokens, **known.state.tokens},
                    {**rows.state.timers, **known.state.timers},
                    {**rows.state.tasks, **known.state.tasks},
                )
                known.branch_agency = {**rows.branch_agency, **known.branch_agency}

    # --- moving on

    def advance(self, matter: MatterRow, event: Any, at: datetime, letter: LetterRow | None = None) -> None:
        """One event through the drawing, with every service it reaches, until the matter rests again."""
        graph = scenes.graph_of(self.cursor, matter.drawing)
        loaded = self.loaded[matter.id]

        def due(spec: TimerSpec, now: datetime) -> datetime:
            return timing.instant(spec, letter.clock_from if letter and letter.clock_from else now)

        def decide(decision: str, context: Mapping[str, Any]) -> Any:
            return self.decide(matter, decision, context, at)

        self.at[matter.id] = at
        result = step(
            graph,
            loaded.state,
            [event],
            matter=self.facts(matter),
            now=at,
            ids=new_id,
            due=due,
            decide=decide,
        )
        self.take(matter, result.changes)
        self.serve(matter, result.effects, at, letter)

    def serve(
        self, matter: MatterRow, effects: Iterable[Effect], at: datetime, letter: LetterRow | None = None
    ) -> None:
        """Do what a step asked for, and go on with what comes of it."""
        for effect in effects:
            match effect:
                case ThrowSignal(name, variables):
                    self._signal(matter, name, variables, at)
                case CallService():
                    self._bound(matter, effect.element)
                    serve = abilities.SERVES[effect.type]
                    said = serve(self, matter, effect, at)
                    self.advance(matter, ServiceCompleted(effect.token_id, said), at, letter)
                case Ended(state):
                    self.end(matter, "closed" if state is RowState.DONE else "withdrawn", at)

    def _bound(self, matter: MatterRow, element: str) -> None:
        """The engine bounds what a step does by itself; a loop of services spans steps, and is bounded here."""
        self._served += 1
        if self._served > MOST_SERVICES * max(1, len(self.matters)):
            raise ServicesWithoutEnd(number=matter.number, element=element)

    def _signal(self, matter: MatterRow, name: str, variables: Mapping[str, Any], at: datetime) -> None:
        """A signal reaches every token of its matter that waits for it; other matters do not hear it."""
        receivers = list(scenes.graph_of(self.cursor, matter.drawing).signal_receivers(name))
        self.cursor.execute(
            "SELECT scope_id FROM token WHERE matter_id = %s AND element = ANY(%s)", [matter.id, receivers]
        )
        self.load([row[0] for row in self.cursor.fetchall()])
        waiting = [t.id for t in self.loaded[matter.id].state.tokens.values() if t.element in receivers]
        for token in waiting:
            if token in self.loaded[matter.id].state.tokens:
                self.advance(matter, SignalReceived(token_id=token, name=name, variables=variables), at)

    def take(self, matter: MatterRow, changes: Iterable[Change]) -> None:
        """Apply changes in memory and keep them for writing."""
        changes = list(changes)
        loaded = self.loaded[matter.id]
        loaded.state = loaded.state.apply(changes)
        for change in changes:
            if (scope := getattr(change, "scope", None)) is not None:
                loaded.branch_agency[scope.id] = self._branch_agency(loaded, scope)
        self._changes[matter.id].extend(changes)

    def _branch_agency(self, loaded: Loaded, scope: Any) -> UUID | None:
        if scope.kind == "branch" and isinstance(scope.item, str) and scope.item in self.directory.by_code:
            return self.directory.by_code[scope.item].id
        return loaded.branch_agency.get(scope.parent_id)

    def branch_of(self, matter: MatterRow, scope_id: UUID | None) -> UUID | None:
        """The agency in whose branch a scope lies; None on the shared thread."""
        return self.loaded[matter.id].branch_agency.get(scope_id) if scope_id else None

    def branch_scope(self, matter: MatterRow, scope_id: UUID) -> UUID | None:
        """The branch scope around a scope: the one :class:`BranchCancelled` takes."""
        scopes = self.loaded[matter.id].state.scopes
        current: UUID | None = scope_id
        while current is not None and (row := scopes.get(current)) is not None:
            if row.kind == "branch":
                return current
            current = row.parent_id
        return None

    def decide(self, matter: MatterRow, decision: str, context: Mapping[str, Any], at: datetime) -> Any:
        """A decision by the table that is live now. The history keeps which version decided, not what it read."""
        found = scenes.decide(self.cursor, matter.scene, decision, context)
        self.happen(matter, "decision.made", at, decision=decision, file=found.file, version=found.number,
                    digest=found.digest)  # fmt: skip
        return found.value

    def facts(self, matter: MatterRow) -> Mapping[str, Any]:
        """What a drawing's expressions may know of the matter itself. Its content is not among it."""
        return {"number": matter.number, "scene": matter.scene, "opened_at": matter.opened_at}

    def end(self, matter: MatterRow, state: str, at: datetime) -> None:
        matter.state, matter.closed_at = state, at
        self.happen(matter, f"matter.{state}", at, milestone=True)

    def join_with(self, matter: MatterRow, agency: UUID, at: datetime) -> None:
        """Give an agency a leg with all else that this act writes: for very many letters, one statement."""
        self._legs.append((new_id(), matter.id, agency, matter.lead_agency, "assist", at))

    # --- history

    def happen(
        self, matter: MatterRow, kind: str, at: datetime, *, activity: str | None = None, milestone: bool = False,
        **data: Any,
    ) -> None:  # fmt: skip
        matter.last_event += 1
        self._happened.append(Happened(matter.id, matter.last_event, kind, at, activity, milestone, data))

    def enter(self, entry: Entry) -> None:
        """A ledger entry. An evidence digest may be left empty until the row it names is written."""
        self._entries.append(entry)

    def open_task(self, row: tuple[Any, ...]) -> None:
        """A task no token waits for (a supervision), in the order of ``process_rows.TASK``."""
        self._extra_tasks.append(row)

    def ask(
        self, matter: MatterRow, agency: UUID, role: str, name: str, *, element: str, form: str = "", action: str = "",
        about: UUID | None = None, due_at: datetime | None = None, stage: str = "", at: datetime | None = None,
        post: UUID | None = None, officer: UUID | None = None,
    ) -> UUID:  # fmt: skip
        """Ask an agency (or the lead's own post) for something outside the drawing: a task no token waits for.

        The agency gets a leg if it has none. Completing the task runs the verb ``action``, for which ``about`` is the
        record; ``element`` is what it is called in the history; ``post`` and ``officer`` say whose desk it lies on, if
        it is not the role's pool. Returns the task.
        """
        self.join(matter, [agency])
        key = new_id()
        opened_at = at or self.acting.now
        self._asked.append(
            (key, matter.id, matter.lead_agency, None, None, None, element, name, stage, role, agency, post, officer,
             form, action, "open", opened_at, due_at, None, None, about)
        )  # fmt: skip
        self.tell(agency)
        return key

    def ask_desk(
        self, matter: MatterRow, role: str, name: str, *, at: datetime | None = None, **more: Any
    ) -> UUID:
        """:meth:`ask` the lead agency, at the desk of whoever of that role has the matter in hand.

        That is the officer who did most of the role's tasks in it, while that officer holds the post and nobody stands
        in; otherwise it lies in the role's pool, where everybody of the role sees it.
        """
        self.cursor.execute("SELECT post, officer FROM lianban.desk_of(%s, %s, %s)",
                            [matter.id, role, at or self.acting.now])  # fmt: skip
        post, officer = self.cursor.fetchone() or (None, None)
        return self.ask(matter, matter.lead_agency, role, name, at=at, post=post, officer=officer, **more)

    def join(self, matter: MatterRow, agencies: Iterable[UUID]) -> None:
        """Give agencies a leg in the matter, those that have none."""
        # Whoever acts in the matter has one: only the lead gives legs to others.
        others = [one for one in set(agencies) if one not in (matter.lead_agency, self.acting.agency)]
        if others:
            self.cursor.execute(
                """INSERT INTO leg (id, matter_id, agency_id, lead_agency_id, role, opened_at)
                   SELECT d.id, %s, d.agency, %s, 'assist', %s FROM unnest(%s::uuid[], %s::uuid[]) AS d(id, agency)
                   ON CONFLICT (matter_id, agency_id) DO NOTHING""",
                [matter.id, matter.lead_agency, self.acting.now, [new_id() for _ in others], others],
            )

    def close_asked(
        self, about: Iterable[UUID], at: datetime, *, elements: Iterable[str] | None = None
    ) -> None:
        """Cancel the open tasks about these records, which no token waits for."""
        wanted = list(about)
        self._asked = [
            row for row in self._asked if row[20] not in wanted or (elements and row[6] not in elements)
        ]
        self.cursor.execute(
            "UPDATE task SET state = 'cancelled', closed_at = %s WHERE about = ANY(%s) AND token IS NULL"
            " AND state = 'open' AND (%s::text[] IS NULL OR element = ANY(%s))",
            [at, wanted, *[None if elements is None else list(elements)] * 2],
        )

    def close_loose_task(self, task: TaskRow, at: datetime) -> None:
        """Close a task no token waits for."""
        self.cursor.execute(
            "UPDATE task SET state = 'done', closed_at = %s, closed_by_id = %s WHERE id = %s",
            [at, self.acting.officer, task.id],
        )

    def tell(self, *agencies: UUID) -> None:
        self._told.update(agencies)

    def after(self, do: Callable[[], None]) -> None:
        """Do this when all else of the act is written, in its transaction: what another identity writes on it."""
        self._last.append(do)

    # --- writing

    def write(self) -> None:
        """Write all of it, one statement a group of changes, none of which waits for the one before."""
        writes = Writes()
        for matter_id, changes in self._changes.items():
            grouping.group(self, self.matters[matter_id], settle(changes), writes)
        writes.tasks.extend(self._extra_tasks)
        with without_waiting():
            self._write(writes)
            plan_anew(self.cursor)
        for do in self._last:
            do()

    def _write(self, writes: Writes) -> None:
        insert_many(
            self.cursor, "leg",
            {"id": "uuid", "matter_id": "uuid", "agency_id": "uuid", "lead_agency_id": "uuid", "role": "text",
             "opened_at": "timestamptz"}, self._legs, "ON CONFLICT (matter_id, agency_id) DO NOTHING",
        )  # fmt: skip
        self.letters.write(self.cursor)
        process_rows.save(self.cursor, writes, self.acting.now)
        insert_many(self.cursor, "task", process_rows.TASK | {"about": "uuid"}, self._asked)
        update_many(
            self.cursor, "matter",
            {"id": "uuid", "state": "text", "closed_at": "timestamptz", "last_event": "integer"},
            [(m.id, m.state, m.closed_at, m.last_event) for m in self.matters.values()
             if m.last_event != m.known_event],
            "state = d.state, closed_at = d.closed_at, last_event = d.last_event", "t.id = d.id",
        )  # fmt: skip
        history.append_events(self.cursor, self.acting.by, self._happened, self.acting.now)
        history.append_entries(self.cursor, self.acting.by, self._entries, self.acting.now)
        self._told.update(row[10] for row in writes.tasks)
        self._told.update(matter.lead_agency for matter in self.matters.values())
        if self.acting.agency:
            self._told.add(self.acting.agency)
        history.tell(self.cursor, self.matters, self._told)


@contextmanager
def working(acting: Acting):
    """A unit of work: everything or nothing. Doors have opened the transaction with its context already;
    this nests in it as a savepoint, so that a refused act leaves the page's own reads usable."""
    abilities.load()
    with ExitStack() as act:
        cursor = act.enter_context(connection.cursor())
        with without_waiting():
            act.enter_context(transaction.atomic())
            plan_once(cursor)
        work = Work(acting, cursor)
        yield work
        work.write()
    keep_what_is_loaded()
