"""Township collaboration 乡镇协同: what may be asked and told, in which order, and by whom.

推送 → 签收 → 摸排 → 线索 → 约定协同日 → 结果 → 评议. A push holds the name, the case number, the amount and the question
(:func:`check_question`); a lead holds facts about property (:func:`check_lead`); :func:`require_next` keeps the order.

>>> require_next(Step.SIGNED, Step.LEAD_REPORTED)
>>> WORDS[Helper.MEDIATOR].zh
'人民调解员'

Pure: no clock, no database. Source: DOMAIN 1(1)–(4), (7); the order is the seed's.
"""

from .facts import LONGEST_NOTE, LONGEST_QUESTION, PropertyLead, check_lead, check_question, found_in
from .kinds import WORDS, Asked, Helper, LeadKind, Measured, Rating, Result, Step
from .life import ANSWERS, FOLLOWS, require_next

__all__ = [
    "ANSWERS",
    "FOLLOWS",
    "LONGEST_NOTE",
    "LONGEST_QUESTION",
    "WORDS",
    "Asked",
    "Helper",
    "LeadKind",
    "Measured",
    "PropertyLead",
    "Rating",
    "Result",
    "Step",
    "check_lead",
    "check_question",
    "found_in",
    "require_next",
]
