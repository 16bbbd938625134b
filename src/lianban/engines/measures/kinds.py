"""The words of measures: kinds, bases, claims, steps, and where a measure stands."""

from __future__ import annotations

from enum import StrEnum


class MeasureKind(StrEnum):
    """What is done. Seal, freeze and detain hold an asset for a term; deduct takes money at once."""

    SEAL = "seal"  # 查封
    FREEZE = "freeze"  # 冻结
    DETAIN = "detain"  # 扣押
    DEDUCT = "deduct"  # 扣划

    @property
    def step(self) -> Step:
        """The step of the limits: everything that holds is ``seal``."""
        return Step.DEDUCT if self is MeasureKind.DEDUCT else Step.SEAL


class Step(StrEnum):
    SEAL = "seal"
    DEDUCT = "deduct"
    SELL = "sell"


class LegalBasis(StrEnum):
    """Under what power. A preservation goes on as enforcement without a gap (保全规定 17)."""

    ENFORCEMENT = "enforcement"
    PRESERVATION = "preservation"
    ADMINISTRATIVE = "administrative"


class ClaimKind(StrEnum):
    """What the claim is for, where the law looks at it."""

    ORDINARY = "ordinary"
    FARM_WAGES = "farm_wages"
    MAINTENANCE = "maintenance"


class Family(StrEnum):
    """What decides the term (民诉解释 485)."""

    DEPOSIT = "deposit"
    MOVABLE = "movable"
    IMMOVABLE = "immovable"
    OTHER_RIGHT = "other_right"
    NONE = "none"  # no control at all


class Outcome(StrEnum):
    """What the assisting unit answered."""

    DONE = "done"
    PARTIAL = "partial"
    WAITING = "waiting"  # registered behind another: 轮候
    NOT_FOUND = "not_found"
    REFUSED = "refused"


class State(StrEnum):
    """Where a measure stands at a moment."""

    ORDERED = "ordered"  # written, not yet with the unit: no effect
    EFFECTIVE = "effective"  # first rank
    WAITING = "waiting"
    RELEASED = "released"
    LAPSED = "lapsed"
    DISPOSED = "disposed"  # the asset was sold, deducted or given in payment
    NO_OBJECT = "no_object"  # the unit found nothing or refused


class WaitingTerm(StrEnum):
    """From when the term of a measure counts that began as 轮候."""

    FROM_PROMOTION = "from_promotion"
    FROM_SERVICE = "from_service"


class RenewalState(StrEnum):
    """How far the renewal of a measure has come; only a served one prolongs."""

    NONE = "none"
    DRAFTED = "drafted"
    SIGNED = "signed"
    SENT = "sent"
    SERVED = "served"
    NOT_WANTED = "not_wanted"  # a named officer decided to let it end
