"""Money of a matter 案款: what is owed to the day, what a payment pays, who gets how much, and until when it must leave.

The path: a claim is split as its document fixes it (:class:`MoneyClaim`) → money arrives (:class:`Fund`) → :func:`settle` attributes
it by the statutory order → :func:`distribute` divides it among several creditors → :func:`payout_clock` says until when →
:func:`reconcile` proves the account to the fen.

>>> from datetime import date
>>> claim = MoneyClaim("c", (Tranche("t", 1_000_000_00, date(2026, 1, 1)),))
>>> settle(claim, [], date(2026, 4, 11)).owed[Bucket.DOUBLED_INTEREST]  # 1,000,000 yuan, 100 days, 0.0175 % a day
1750000

Pure: days are arguments, money is integer fen, interest is exact and rounded once.
"""

from .attribution import Line, Statement, settle
from .bank_statements import BankFile, LineProblem, StatementLine, read_statement
from .claims import Bucket, GeneralInterest, MoneyClaim, Pause, Receipt, Tranche
from .distribution import (
    Class,
    Distribution,
    DistributionWay,
    Entitled,
    Objection,
    PaidNow,
    Share,
    distribute,
    objection_clocks,
    pro_rata,
    undisputed,
)
from .explanation import Stretch, stretches
from .instalments import (
    Consent,
    Ground,
    Instalment,
    InstalmentPlan,
    InstalmentState,
    may_resume,
    performance,
    resume_until,
)
from .payouts import FROM_CONDITIONS, FROM_NOTICE, Fund, Hold, HoldKind, Payout, overdue, payout_clock
from .rates import AttributionOrder, PaymentSettings, RateBook
from .reconciliation import Entry, Match, Reconciliation, reconcile

__all__ = [
    "FROM_CONDITIONS",
    "FROM_NOTICE",
    "AttributionOrder",
    "BankFile",
    "Bucket",
    "Class",
    "Consent",
    "Distribution",
    "DistributionWay",
    "Entitled",
    "Entry",
    "Fund",
    "GeneralInterest",
    "Ground",
    "Hold",
    "HoldKind",
    "Instalment",
    "InstalmentPlan",
    "InstalmentState",
    "Line",
    "LineProblem",
    "Match",
    "MoneyClaim",
    "Objection",
    "PaidNow",
    "Pause",
    "PaymentSettings",
    "Payout",
    "RateBook",
    "Receipt",
    "Reconciliation",
    "Share",
    "Statement",
    "StatementLine",
    "Stretch",
    "Tranche",
    "distribute",
    "may_resume",
    "objection_clocks",
    "overdue",
    "payout_clock",
    "performance",
    "pro_rata",
    "read_statement",
    "reconcile",
    "resume_until",
    "settle",
    "stretches",
    "undisputed",
]
