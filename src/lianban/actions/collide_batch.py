"""夜间查询: the debtors of many open matters held against all registries at once, each on its own matter's warrant.

The join runs once for all; what it finds is then kept matter by matter, and only where that matter's warrant still bears
it. A night tells only what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from lianban.actions.abilities import Doing, Outcome, acts
from lianban.actions.acting import Acting
from lianban.actions.collide import Wish, collide, keep, refusal, subjects_of
from lianban.actions.judging_collisions import Subject
from lianban.actions.query_errors import WarrantNotFound, words_of
from lianban.actions.work import MatterRow, Work, working
from lianban.engines import matching
from lianban.engines.identifiers import check_identifier
from lianban.engines.identifiers.labels import IdentifierKind
from lianban.engines.matching import Collision, Hit, Parties, RegistryAnswer, Scope
from lianban.records import collisions, registries, warrants
from lianban.records.directory import AgencyRow
from lianban.records.warrants import WarrantRow


@dataclass(slots=True)
class Night:
    """What was joined: by warrant its wishes, one an agency; by party what its registries said."""

    at: datetime
    wishes: dict[UUID, list[Wish]] = field(default_factory=dict)
    found: dict[UUID, Collision] = field(default_factory=dict)

    @property
    def matters(self) -> list[UUID]:
        return sorted({wish.warrant.matter for group in self.wishes.values() for wish in group})


@dataclass(slots=True)
class NightKept:
    matters: int = 0
    collisions: int = 0
    refused: int = 0
    found: int = 0
    pending: int = 0


def plan_night(acting: Acting) -> Night:
    """Read the live warrants of the acting court and join their debtors with the registries. Writes nothing."""
    night = Night(acting.now)
    if acting.agency is None or registries.point_index() is None:
        return night
    with working(acting) as work:
        live = warrants.for_nights(work.cursor, acting.agency, acting.now)
        named = warrants.subjects_of(work.cursor, [one.id for one in live])
        for one in live:
            subjects = subjects_of(work, one.matter, named.get(one.id, []))
            if subjects and (made := _wishes(work, one, subjects)):
                night.wishes[one.id] = made
    # By kind of number as well: a registry that holds no firms is not asked about one, and does not say 无 of it.
    together: dict[tuple[str, frozenset[str], str], list[Subject]] = defaultdict(list)
    for group in night.wishes.values():
        warrant = group[0].warrant
        for subject in group[0].subjects:
            if subject.comparable:
                key = (warrant.legal_basis, frozenset(warrant.questions), subject.id_kind)
                together[key].append(subject)
    for (basis, questions, _kind), alike in together.items():
        night.found |= _joined(alike, Scope(questions, basis), acting.now)
    return night


def collide_batch(acting: Acting, night: Night, matters: Sequence[UUID]) -> NightKept:
    """Keep what was found in some matters, in one transaction. A warrant that died since the join is refused."""
    wanted = set(matters)
    kept = NightKept(matters=len(wanted))
    with working(acting) as work:
        work.lock(wanted)
        known = collisions.known_digests(work.cursor, wanted)
        news: dict[UUID, UUID] = {}
        for wishes in night.wishes.values():
            for wish in wishes:
                if wish.warrant.matter not in wanted:
                    continue
                matter = work.matters[wish.warrant.matter]
                if refusal(work, matter, wish) is not None:
                    kept.refused += 1
                    continue
                done = keep(
                    work, matter, wish, night.found, night.at, way="batch", known=known.get(matter.id, ())
                )
                kept.collisions += 1
                kept.found += done.row.found
                kept.pending += done.row.pending
                if done.row.found:
                    news.setdefault(matter.id, done.row.id)
        for matter_id, collision in news.items():
            _tell(work, work.matters[matter_id], collision, night.at)
    return kept


@acts("collisions.collide")
def collide_now(doing: Doing) -> Outcome:
    """One matter at once, on a standing or follow-up warrant. What the warrant does not bear is told, and asks nothing."""
    work, matter = doing.work, doing.matter
    warrant = warrants.by_id(work.cursor, doing.record) if doing.record else None
    if warrant is None or warrant.matter != matter.id:
        raise WarrantNotFound
    subjects = subjects_of(
        work, matter.id, warrants.subjects_of(work.cursor, [warrant.id]).get(warrant.id, [])
    )
    found = pending = 0
    refused = ""
    for wish in _wishes(work, warrant, subjects):
        done = collide(work, matter, wish, doing.at)
        if isinstance(done, str):
            refused = done
            break
        found, pending = found + done.row.found, pending + done.row.pending
    words = words_of(refused)
    return Outcome(
        said={"warrant": str(warrant.id), "found": found, "pending": pending, "refused": refused},
        shown={"found": found, "pending": pending, **({"zh": words.zh, "en": words.en} if refused else {})},
        milestone=False, record=warrant.id,
    )  # fmt: skip


def _wishes(work: Work, warrant: WarrantRow, subjects: Sequence[Subject]) -> list[Wish]:
    """One for each agency whose registries answer a question of the warrant."""
    held: dict[str, set[str]] = defaultdict(set)
    for one in registries.declared().values():
        if warrant.legal_basis in one.accepts:
            held[one.agency].update(set(one.questions) & set(warrant.questions))
    wishes = []
    for code in sorted(held):
        holder: AgencyRow | None = work.directory.by_code.get(code)
        questions = tuple(question for question in warrant.questions if question in held[code])
        if holder is not None and questions and holder.id != warrant.lead:
            wishes.append(Wish(warrant, holder, questions, tuple(subjects)))
    return wishes


def _joined(subjects: Sequence[Subject], scope: Scope, at: datetime) -> Mapping[UUID, Collision]:
    """The same answers as point by point, from one join."""
    if not subjects:
        return {}
    batch = matching.collide_batch(
        registries.declared(), registries.index_folder(), Parties.of(one.asked() for one in subjects), scope,
        data=Path(settings.REGISTRY_DATA), now=at, sources=registries.sources(), demo=settings.DEMO,
    )  # fmt: skip
    try:
        hits: dict[tuple[str, str], list[Hit]] = defaultdict(list)
        for one in batch.hits():
            hits[one.ref, one.registry].append(one.hit)
        return {
            subject.party: Collision(
                str(subject.party), at, "", _valid(subject),
                tuple(_with(answer, hits.get((str(subject.party), code), [])) for code, answer in batch.answers.items()),
            )
            for subject in subjects
        }  # fmt: skip
    finally:
        batch.close()


def _with(answer: RegistryAnswer, hits: Sequence[Hit]) -> RegistryAnswer:
    return replace(answer, hits=tuple(hits))


def _valid(subject: Subject) -> bool:
    try:
        check_identifier(IdentifierKind(subject.id_kind), subject.number, demo=settings.DEMO)
    except Exception as error:
        if getattr(error, "code", "").startswith("LB-IDENTIFIERS"):
            return False
        raise
    return True


def _tell(work: Work, matter: MatterRow, collision: UUID, at: datetime) -> None:
    work.happen(matter, "collisions.new", at, milestone=False)
    if matter.state == "open":
        work.ask_desk(
            matter, "judge", "夜间查询有新发现", element="review_findings", action="collisions.review",
            about=collision, at=at,
        )  # fmt: skip
