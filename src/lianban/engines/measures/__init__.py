"""Measures of control 控制措施: seal, freeze, detain, deduct, from the order to the end, within the limits of the law.

The path of one: an order is checked (:func:`check_order`) → it reaches the unit and has effect → the answer is recorded as it
came → :func:`stand` says who is first on the asset, until when, who was promoted → :func:`control` says what the matter holds
against its claim and what must be released → :func:`radar` and :func:`plan_renewals` see that nothing lapses unseen.

>>> from datetime import date
>>> from lianban.engines.clocks import ClockBook
>>> permission = LimitBook.standard().require(LegalBasis.ENFORCEMENT, "vehicle", Step.SEAL, on=date(2026, 3, 2))
>>> ClockBook.standard().due(permission.clock, date(2026, 3, 2)).legal_date  # a vehicle is a movable: two years
datetime.date(2028, 3, 2)

Everything is pure: moments are arguments, money is integer fen, limits are rows in ``data/limits.toml``. Columns for millions:
:mod:`.sweeps`, :mod:`.warnings`, :mod:`.radar`; the three-year simulation: :mod:`.simulation`.
"""

from .control import Control, Outstanding, Release, check_order, control, latest_printable
from .kinds import (
    ClaimKind,
    Family,
    LegalBasis,
    MeasureKind,
    Outcome,
    RenewalState,
    State,
    Step,
    WaitingTerm,
)
from .limits import AssetClass, Limit, LimitBook, Permission
from .orders import Answer, Asset, Measure, Renewal, Standing
from .queue import Promotion, Queue, next_moment, stand, stand_all
from .radar import Radar, RadarColumns, radar, warning_day, warning_days
from .renewals import Planned, RenewalPlan, WhyNot, plan_renewals, renewal_for
from .settings import MeasureSettings
from .terms import Term, longest_end, term

__all__ = [
    "Answer",
    "Asset",
    "AssetClass",
    "ClaimKind",
    "Control",
    "Family",
    "LegalBasis",
    "Limit",
    "LimitBook",
    "Measure",
    "MeasureKind",
    "MeasureSettings",
    "Outcome",
    "Outstanding",
    "Permission",
    "Planned",
    "Promotion",
    "Queue",
    "Radar",
    "RadarColumns",
    "Release",
    "Renewal",
    "RenewalPlan",
    "RenewalState",
    "Standing",
    "State",
    "Step",
    "Term",
    "WaitingTerm",
    "WhyNot",
    "check_order",
    "control",
    "latest_printable",
    "longest_end",
    "next_moment",
    "plan_renewals",
    "radar",
    "renewal_for",
    "stand",
    "stand_all",
    "term",
    "warning_day",
    "warning_days",
]
