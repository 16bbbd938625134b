"""What one scope asks of one generation of the index, worked out once and used for every party.

Questions, bases and kinds of subject do not change from party to party, and the state of a registry hardly
does: it is looked at again when ``now`` has moved by a second. So a question costs its look-ups and little else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching.asking import Scope
from lianban.engines.matching.opened import Opened, Slots
from lianban.engines.matching.results import RegistryAnswer, Status
from lianban.engines.matching.standing import Standings

_LOOK_AGAIN = timedelta(seconds=1)
_KEPT = 256
ASKED = frozenset({Status.NONE, Status.LATE})


@dataclass(frozen=True, slots=True)
class Plan:
    """The answers as they are before anything is found, and the postings that are to be looked at."""

    at: datetime
    answers: dict[str, RegistryAnswer]
    slots: Slots


class Plans:
    """The plans of one generation, by scope and kind of identifier."""

    def __init__(self, standings: Standings, opened: Opened) -> None:
        self.standings, self.opened = standings, opened
        self.known: dict[tuple[Scope, IdentifierKind], Plan] = {}

    def plan(self, scope: Scope, kind: IdentifierKind, now: datetime) -> Plan:
        """The plan as of ``now``, a second ago at most."""
        plan = self.known.get((scope, kind))
        if plan is None or abs(now - plan.at) >= _LOOK_AGAIN:
            if len(self.known) >= _KEPT:
                self.known.clear()
            plan = self.known[scope, kind] = self._made(scope, kind, now)
        return plan

    def _made(self, scope: Scope, kind: IdentifierKind, now: datetime) -> Plan:
        registries, manifest = self.standings.registries, self.opened.manifest
        kinds = frozenset((kind,))
        answers = {
            code: self.standings.opened(registry, manifest, scope, kinds, now)
            for code, registry in registries.items()
        }
        slots = {
            slot: (code, place)
            for slot, (code, place) in self.opened.slots.items()
            if code in answers
            and answers[code].status in ASKED
            and kind in registries[code].keys[place].kinds
        }
        return Plan(now, answers, slots)
