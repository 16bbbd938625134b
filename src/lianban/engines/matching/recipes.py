"""What stands in each made-up registry of the demo city: its columns, and who owns the rows.

The columns are named as Chinese databases name theirs, by initials of pinyin. ``h`` is a random word of a
row. The declarations of the same registries are the YAML files of the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lianban.engines.matching.registries import SourceKind


@dataclass(frozen=True)
class Recipe:
    """One registry. ``share`` is its part of all rows, ``firms`` the part of rows that a firm owns.

    Where ``once``, nobody has two rows but those that are planted. ``late`` registries have an old as-of
    time; the column that one ``lacks`` is declared and not there.
    """

    code: str
    share: int
    columns: Mapping[str, str]
    firms: float = 0.0
    number: str = "zjhm"
    name: str = "xm"
    kind: SourceKind = SourceKind.PARQUET
    once: bool = False
    late: bool = False
    lacks: str = ""
    file: str = field(init=False)

    def __post_init__(self) -> None:
        ending = {SourceKind.CSV: "csv", SourceKind.SQLITE: "sqlite"}.get(self.kind, "parquet")
        object.__setattr__(self, "file", f"{self.code}.{ending}")


def _pick(*words: str, by: str = "h") -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][(1 + {by} % {len(words)})::INTEGER]"


def _yuan(most: int, by: str = "h // 101") -> str:
    return f"({by} % {most * 100} / 100)::DECIMAL(14, 2)"


def _day(years: int, by: str = "h // 13") -> str:
    return f"(DATE '2026-06-30' - ({by} % {years * 365})::INTEGER)"


def _code(prefix: str, digits: int, by: str = "h // 7") -> str:
    return f"('{prefix}' || lpad(({by} % {10**digits})::VARCHAR, {digits}, '0'))"


_PLACES = ("云湖区澜湾路", "云湖区东屿街", "禾川镇清棠村", "远舟镇知衡村", "云湖区开发大道", "澜湾镇屿前村")
_EMPLOYERS = (
    "云澜商贸有限公司",
    "东屿建材有限公司",
    "禾川农业科技有限公司",
    "澜湾水产有限公司",
    "知衡机电有限公司",
)
_FREE = ("无", "无", "无", "抵押", "被其他法院查封")
_MONTH = "strftime(DATE '2026-10-01' - (h // 17 % 900)::INTEGER, '%Y-%m')"

RECIPES = (
    Recipe("bank_accounts", 52, {
        "khyh": _pick("云澜农村商业银行", "云澜城市银行", "东屿村镇银行", "禾川农村信用社"),
        "zhhsw": "lpad((h // 3 % 10000)::VARCHAR, 4, '0')", "khrq": _day(20),
    }, firms=0.2),
    Recipe("business_registration", 26, {
        "qymc": f"CASE WHEN firm THEN name ELSE {_pick(*_EMPLOYERS)} END",
        "sf": "CASE WHEN firm THEN '本企业' ELSE " + _pick("法定代表人", "股东", "监事") + " END",
        "rjcz": _yuan(5_000_000), "zyqk": _pick("无", "无", "无", "质押", "冻结"),
    }, firms=0.4),
    Recipe("fiscal_payments", 12, {
        "xm_mc": _pick("农机购置补贴", "稳岗补贴", "技改奖补", "生态补偿"), "yfje": _yuan(200_000), "nfrq": _day(1),
    }, firms=0.5, name="skr", kind=SourceKind.CSV),
    Recipe("household", 60, {
        "hjdz": _pick(*_PLACES) + " || (h // 5 % 300 + 1)::VARCHAR || '号'", "hjzt": _pick("正常", "正常", "正常", "迁出"),
    }, once=True),
    Recipe("insurance", 20, {
        "bxgs": _pick("云澜人寿保险", "东屿财产保险"), "bdh": _code("BD", 12), "xjjz": _yuan(300_000),
    }, lacks="xjjz"),
    Recipe("provident_fund", 28, {
        "ye": _yuan(250_000), "jcdw": _pick(*_EMPLOYERS), "zjjcy": _MONTH, "djqk": _pick("无", "无", "无", "已冻结"),
    }, once=True),
    Recipe("real_estate", 34, {
        "qzh": "'云（2020）云澜市不动产权第' || lpad((h // 7 % 10000000)::VARCHAR, 7, '0') || '号'",
        "zl": _pick(*_PLACES) + " || (h // 5 % 500 + 1)::VARCHAR || '号'",
        "mj": "(h // 11 % 20000 / 100 + 30)::DECIMAL(10, 2)",
        "gyqk": _pick("单独所有", "共同共有", "按份共有 50%"), "xzqk": _pick(*_FREE),
    }, firms=0.15, name="qlr"),
    Recipe("relief", 6, {"jzlb": _pick("最低生活保障", "特困供养", "临时救助"), "yje": _yuan(1_500)}, once=True),
    Recipe("rural_rights", 24, {
        "qllx": _pick("土地承包经营权", "生猪养殖", "水产养殖", "肉牛养殖"),
        "sl": "(h // 19 % 400 + 1)::VARCHAR || " + _pick("亩", "头", "亩", "头"), "snbt": _yuan(20_000),
    }, name="cbr", late=True),
    Recipe("social_security", 44, {
        "cbdw": _pick(*_EMPLOYERS), "zjjfy": _MONTH, "dyqk": _pick("未领取", "未领取", "领取养老金", "领取失业金"),
    }, once=True),
    Recipe("tax", 16, {
        "nsrmc": "name", "djzt": _pick("正常", "正常", "非正常", "注销"), "ytse": _yuan(80_000),
    }, firms=0.7, name="nsr", once=True),
    Recipe("vehicles", 40, {
        "hphm": "'云A' || lpad((h // 7 % 100000)::VARCHAR, 5, '0')",
        "ppxh": _pick("东屿牌轿车", "澜湾牌货车", "远舟牌客车", "清棠牌轻型货车"),
        "djrq": f"({_day(15)} + INTERVAL 9 HOUR)", "dycf": _pick(*_FREE),
    }, firms=0.15, name="syr"),
    Recipe("vessels", 4, {
        "cm": _code("云澜渔", 5), "djh": _code("990100", 8, "h // 23"), "zd": "(h // 29 % 600 + 5)", "dykq": _pick(*_FREE),
    }, firms=0.2, name="syr", kind=SourceKind.SQLITE),
)  # fmt: skip
