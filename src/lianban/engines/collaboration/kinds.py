"""The words of a township's help: what it may be asked, who helps, what is found, how it ends.

A township has no coercive power: it reports facts about property, witnesses an act (民诉法 256) and mediates. So there is no
way to ask it where somebody is, and no way to record it.
"""

from __future__ import annotations

from enum import StrEnum

from lianban.engines.clocks import Words


class Asked(StrEnum):
    """What a township is asked to do."""

    LOOK_FOR_PROPERTY = "look_for_property"
    WITNESS = "witness"
    MEDIATE = "mediate"


class Helper(StrEnum):
    """三员: the three kinds of people who help in a village. An entry names the kind."""

    GRID_WORKER = "grid_worker"
    VILLAGE_TEAM = "village_team"
    MEDIATOR = "mediator"


class Step(StrEnum):
    """推送 → 签收 → 摸排 → 线索 → 约定协同日 → 结果 → 评议. Each has a date and an officer."""

    PUSHED = "pushed"
    SIGNED = "signed"
    SURVEYED = "surveyed"
    LEAD_REPORTED = "lead_reported"
    DAY_AGREED = "day_agreed"
    RESULT_RECORDED = "result_recorded"
    RATED = "rated"


class LeadKind(StrEnum):
    """What property a lead is about."""

    CROP = "crop"
    LIVESTOCK = "livestock"
    HOUSE = "house"
    LAND_CONTRACT = "land_contract"
    MACHINERY = "machinery"
    VEHICLE = "vehicle"
    GOODS = "goods"
    SUBSIDY = "subsidy"
    DEBT_OWED = "debt_owed"
    OTHER = "other"

    @property
    def seasonal(self) -> bool:
        """Whether it has a harvest window or a time to be sold: the alarm of thirty days before is for these."""
        return self in (LeadKind.CROP, LeadKind.LIVESTOCK)


class Measured(StrEnum):
    """What a quantity is counted in."""

    MU = "mu"
    HEAD = "head"
    KILOGRAM = "kilogram"
    TONNE = "tonne"
    SQUARE_METRE = "square_metre"
    PIECE = "piece"
    YUAN = "yuan"


class Result(StrEnum):
    """How the collaboration ended."""

    SETTLED = "settled"
    PERFORMED = "performed"
    PROPERTY_CONTROLLED = "property_controlled"
    WITNESSED = "witnessed"
    NOTHING_FOUND = "nothing_found"
    NOT_DONE = "not_done"


class Rating(StrEnum):
    """评议, in words. It is never turned into a number, added up over people, or ranked."""

    GOOD = "good"
    FAIR = "fair"
    TO_IMPROVE = "to_improve"


WORDS: dict[StrEnum, Words] = {
    Asked.LOOK_FOR_PROPERTY: Words("摸排财产线索", "look for property"),
    Asked.WITNESS: Words("到场见证执行", "witness an act of enforcement"),
    Asked.MEDIATE: Words("协助调解劝和", "help to mediate"),
    Helper.GRID_WORKER: Words("网格员", "grid worker"),
    Helper.VILLAGE_TEAM: Words("驻村队员", "member of the village team"),
    Helper.MEDIATOR: Words("人民调解员", "people's mediator"),
    Step.PUSHED: Words("推送", "pushed"),
    Step.SIGNED: Words("签收", "signed for"),
    Step.SURVEYED: Words("摸排", "looked into"),
    Step.LEAD_REPORTED: Words("反馈线索", "lead reported"),
    Step.DAY_AGREED: Words("约定协同日", "day agreed"),
    Step.RESULT_RECORDED: Words("结果", "result"),
    Step.RATED: Words("评议", "rated"),
    LeadKind.CROP: Words("农作物", "crop"),
    LeadKind.LIVESTOCK: Words("牲畜", "livestock"),
    LeadKind.HOUSE: Words("房屋", "house"),
    LeadKind.LAND_CONTRACT: Words("承包地收益", "income from contracted land"),
    LeadKind.MACHINERY: Words("农机具", "farm machinery"),
    LeadKind.VEHICLE: Words("车辆", "vehicle"),
    LeadKind.GOODS: Words("存货", "goods"),
    LeadKind.SUBSIDY: Words("补贴款", "subsidy"),
    LeadKind.DEBT_OWED: Words("到期债权（收购款、工程款等）", "money owed to the debtor"),
    LeadKind.OTHER: Words("其他财产", "other property"),
    Measured.MU: Words("亩", "mu"),
    Measured.HEAD: Words("头（只）", "head"),
    Measured.KILOGRAM: Words("公斤", "kg"),
    Measured.TONNE: Words("吨", "t"),
    Measured.SQUARE_METRE: Words("平方米", "m²"),
    Measured.PIECE: Words("台（件）", "pieces"),
    Measured.YUAN: Words("元", "yuan"),
    Result.SETTLED: Words("达成和解", "settled"),
    Result.PERFORMED: Words("履行完毕", "performed"),
    Result.PROPERTY_CONTROLLED: Words("已控制财产", "property controlled"),
    Result.WITNESSED: Words("已见证", "witnessed"),
    Result.NOTHING_FOUND: Words("未发现财产", "nothing found"),
    Result.NOT_DONE: Words("未能协同", "not done"),
    Rating.GOOD: Words("配合良好", "worked well"),
    Rating.FAIR: Words("一般", "fair"),
    Rating.TO_IMPROVE: Words("有待改进", "to improve"),
}
