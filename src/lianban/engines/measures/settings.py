"""What a deployment may choose, each with its default and why. Marked U where the law is silent or was not read."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import BadAmount
from .kinds import WaitingTerm

RELEASE_CLOCK = "enforcement.release_on_ground"


@dataclass(frozen=True, slots=True)
class MeasureSettings:
    """Choices of a court.

    ``waiting_term`` [U]: the term of a 轮候 measure counts from its promotion, because only then it has effect; a printed
    end counts all the same. ``tolerance_permille`` [U]: 查扣冻规定 19 forbids *obviously* more than the claim and names no
    number; 0 shows every fen. ``release_clock`` [U]: 查扣冻规定 19 says 及时; the five days of 保全规定 23 stand in.
    ``radar_days``: product default, DOMAIN 1(7). ``send_ahead``: working days a renewal needs to reach the unit.
    """

    waiting_term: WaitingTerm = WaitingTerm.FROM_PROMOTION
    tolerance_permille: int = 0
    release_clock: str = RELEASE_CLOCK
    radar_days: tuple[int, ...] = (60, 30, 15, 7)
    send_ahead: int = 3

    def __post_init__(self) -> None:
        if self.tolerance_permille < 0:
            raise BadAmount(what_zh="容差", what_en="the tolerance", found=self.tolerance_permille)
        if not self.radar_days or sorted(set(self.radar_days), reverse=True) != list(self.radar_days):
            raise BadAmount(
                what_zh="预警天数",
                what_en="the days of the radar (from far to near)",
                found=str(self.radar_days),
            )
        if self.radar_days[-1] < 1 or self.send_ahead < 0:
            raise BadAmount(what_zh="天数", what_en="a number of days", found=str(self.radar_days[-1]))
