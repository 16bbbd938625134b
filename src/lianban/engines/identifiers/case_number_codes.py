"""The code tables behind case numbers: courts 法院代字, special trials 专门审判代字, kinds 类型代字.

Source: 最高人民法院《关于人民法院案件案号的若干规定》(法〔2015〕137号), as amended by 法〔2018〕335号, with
its annex of kinds of case. Court codes are what the court itself prints; they are never looked up in
GB/T 2260, because a court keeps its code when the county around it is renamed (article 13).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

SUPREME = "最高法"

# Article 4: the short name of the province, except 内 for Inner Mongolia (not 蒙), 军 for the military
# courts and 兵 for the courts of the Xinjiang Production and Construction Corps, a system of its own beside 新.
HIGH_COURTS: dict[str, str] = {
    "京": "北京市高级人民法院",
    "津": "天津市高级人民法院",
    "冀": "河北省高级人民法院",
    "晋": "山西省高级人民法院",
    "内": "内蒙古自治区高级人民法院",
    "辽": "辽宁省高级人民法院",
    "吉": "吉林省高级人民法院",
    "黑": "黑龙江省高级人民法院",
    "沪": "上海市高级人民法院",
    "苏": "江苏省高级人民法院",
    "浙": "浙江省高级人民法院",
    "皖": "安徽省高级人民法院",
    "闽": "福建省高级人民法院",
    "赣": "江西省高级人民法院",
    "鲁": "山东省高级人民法院",
    "豫": "河南省高级人民法院",
    "鄂": "湖北省高级人民法院",
    "湘": "湖南省高级人民法院",
    "粤": "广东省高级人民法院",
    "桂": "广西壮族自治区高级人民法院",
    "琼": "海南省高级人民法院",
    "渝": "重庆市高级人民法院",
    "川": "四川省高级人民法院",
    "贵": "贵州省高级人民法院",
    "云": "云南省高级人民法院",
    "藏": "西藏自治区高级人民法院",
    "陕": "陕西省高级人民法院",
    "甘": "甘肃省高级人民法院",
    "青": "青海省高级人民法院",
    "宁": "宁夏回族自治区高级人民法院",
    "新": "新疆维吾尔自治区高级人民法院",
    "兵": "新疆维吾尔自治区高级人民法院生产建设兵团分院",
    "军": "中国人民解放军军事法院",
}

# Short names that people write by analogy and the rule does not know.
MISTAKEN_COURTS: dict[str, str] = {"蒙": "内", "黔": "贵", "滇": "云", "陇": "甘", "秦": "陕", "蜀": "川"}

# Special trials, one character (2018): 知 intellectual property.
SPECIAL_TRIALS: dict[str, str] = {"知": "知识产权审判"}

CATEGORIES: dict[str, tuple[str, str]] = {
    "jurisdiction": ("管辖案件", "jurisdiction"),
    "criminal": ("刑事案件", "criminal"),
    "civil": ("民事案件", "civil"),
    "administrative": ("行政案件", "administrative"),
    "compensation": ("国家赔偿与司法救助案件", "State compensation and judicial relief"),
    "interregional": ("区际司法协助案件", "interregional judicial assistance"),
    "international": ("国际司法协助案件", "international judicial assistance"),
    "sanction": ("司法制裁案件", "judicial sanction"),
    "preservation": ("非诉保全审查案件", "preservation outside a suit"),
    "enforcement": ("执行类案件", "enforcement"),
    "insolvency": ("强制清算与破产案件", "compulsory liquidation and bankruptcy"),
    "pretrial": ("诉前调解", "mediation before filing"),
}


@dataclass(frozen=True)
class CaseKind:
    """One 类型代字. ``category`` is a key of :data:`CATEGORIES`."""

    code: str
    category: str
    title: str
    source: str


@lru_cache(maxsize=1)
def case_kinds() -> dict[str, CaseKind]:
    """Every known kind by its code."""
    table = resources.files("lianban.engines.identifiers").joinpath("case_number_kinds.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {row["code"]: CaseKind(row["code"], row["category"], row["title"], row["source"]) for row in rows}


def split_kind(letters: str) -> tuple[str | None, str] | None:
    """``letters`` between court and number as (special trial, kind); ``None`` if no known kind is in it.

    The longest code wins: 执保 is preservation, not 执 with a stray 保; 知民初 is the special trial 知
    and the kind 民初, unless a kind 知民初 should ever be published.
    """
    kinds = case_kinds()
    if letters in kinds:
        return None, letters
    if letters[:1] in SPECIAL_TRIALS and letters[1:] in kinds:
        return letters[0], letters[1:]
    return None


def kinds_within(letters: str) -> list[str]:
    """Known kinds that ``letters`` begins with, longest first, to suggest in an error."""
    return sorted((code for code in case_kinds() if letters.startswith(code)), key=len, reverse=True)


def special_court(digits: str) -> str | None:
    """What article 5(2) says about the first two digits of a court: ``铁路``, ``海事`` and so on, else ``None``."""
    if len(digits) < 2:
        return None
    number = int(digits[:2])
    for first, last, name in (
        (71, 71, "铁路"),
        (72, 72, "海事"),
        (73, 73, "知识产权"),
        (74, 74, "油田、金融"),
        (75, 80, "林业"),
        (81, 85, "农垦"),
        (87, 95, "跨行政区划"),
        (96, 99, "省内部分县级行政区划"),
    ):
        if first <= number <= last:
            return name
    return None
