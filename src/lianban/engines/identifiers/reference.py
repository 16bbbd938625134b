"""The tables of ``docs/reference/identifiers.md``, printed from the code so that they cannot go stale.

``python -m lianban.engines.identifiers.reference docs/reference/identifiers.md`` rewrites them in place; a
test fails while the page differs. In the page a table stands between ``<!-- table NAME -->`` and
``<!-- end NAME -->``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lianban.engines.errors import LianbanError
from lianban.engines.identifiers import (
    area_tables,
    areas,
    case_number_errors,
    errors,
    masks,
    money_errors,
    names,
    permits,
    plates,
    vessels,
)
from lianban.engines.identifiers.areas import all_areas
from lianban.engines.identifiers.case_number_codes import (
    CATEGORIES,
    HIGH_COURTS,
    SPECIAL_TRIALS,
    SUPREME,
    case_kinds,
)
from lianban.engines.identifiers.checks import check_identifier
from lianban.engines.identifiers.credit_codes import REGISTRARS
from lianban.engines.identifiers.labels import LABELS, IdentifierKind
from lianban.engines.identifiers.money import to_capitals
from lianban.engines.identifiers.money_text import parse_money

Rows = Iterator[tuple[str, ...]]

# Made-up or published specimens, one a kind; each passes its own check.
SPECIMENS: dict[IdentifierKind, str] = {
    IdentifierKind.RESIDENT_ID: "11010519491231002X",
    IdentifierKind.PASSPORT: "EA1234567",
    IdentifierKind.HK_MACAU_PERMIT: "H12345678",
    IdentifierKind.TAIWAN_PERMIT: "12345678",
    IdentifierKind.RESIDENCE_PERMIT: "810000199408230021",
    IdentifierKind.FOREIGN_RESIDENT: "911124198108030024",
    IdentifierKind.HONG_KONG_ID: "A123456(3)",
    IdentifierKind.MACAU_ID: "1234567(8)",
    IdentifierKind.TAIWAN_ID: "A123456789",
    IdentifierKind.CREDIT_CODE: "91110000600037341L",
    IdentifierKind.ORGANISATION_CODE: "60003734-1",
    IdentifierKind.PHONE: "0576-88881234",
    IdentifierKind.PLATE: "浙J·D12345",
    IdentifierKind.VESSEL: "浙台渔12345号",
}
AMOUNTS = ("4700万元", "1435.55万元", "11 500元", "3.16亿元", "740万余", "近700万元", "人民币壹佰万元整")


def _kinds() -> Rows:
    yield "Kind", "中文", "English", "Specimen", "Normalised", "Masked"
    for kind, (zh, en) in LABELS.items():
        found = check_identifier(kind, SPECIMENS[kind])
        yield f"`{kind}`", zh, en, SPECIMENS[kind], f"`{found.normalised}`", f"`{found.masked}`"


def _forms() -> Rows:
    yield "Kind", "Form", "Example"
    for kind, forms in (
        (IdentifierKind.PASSPORT, permits.PASSPORT_FORMS),
        (IdentifierKind.HK_MACAU_PERMIT, permits.HK_MACAU_FORMS),
        (IdentifierKind.TAIWAN_PERMIT, permits.TAIWAN_PERMIT_FORMS),
        (IdentifierKind.MACAU_ID, permits.MACAU_ID_FORMS),
        (IdentifierKind.PLATE, plates.FORMS),
    ):
        for _pattern, form, example in forms:
            yield f"`{kind}`", form, f"`{example}`"
    yield f"`{IdentifierKind.VESSEL}`", "fishing: province, port, use, number", "、".join(vessels.USES)


def _registrars() -> Rows:
    yield "Code", "登记管理部门", "机构类别"
    for code, (name, categories) in REGISTRARS.items():
        yield code, name, "，".join(f"{code}{digit} {category}" for digit, category in categories.items())


def _courts() -> Rows:
    yield "代字", "法院"
    yield SUPREME, "最高人民法院"
    yield from HIGH_COURTS.items()


def _special_trials() -> Rows:
    yield "专门审判代字", "审判"
    yield from SPECIAL_TRIALS.items()


def _case_kinds() -> Rows:
    yield "类别", "Category", "类型代字"
    for category, (zh, en) in CATEGORIES.items():
        codes = [kind for kind in case_kinds().values() if kind.category == category]
        yield zh, en, "，".join(f"**{kind.code}** {kind.title}" for kind in codes)


def _area_changes() -> Rows:
    yield "Code", "Name", "From", "Until", "Then", "Known to the", "Source"
    for area in all_areas():
        if area.source != "python-stdnum cn/loc":
            since, until = (str(day) if day else "" for day in (area.since, area.until))
            yield (
                area.code,
                area.name,
                since,
                until,
                area.successor or "",
                "day" if area.exact else "year or month",
                area.source,
            )


def _amounts() -> Rows:
    yield "Written", "Fen", "Bound", "Capitals"
    for text in AMOUNTS:
        money = parse_money(text)
        yield text, f"{money.fen}", f"`{money.bound}`", to_capitals(money.fen) if money.is_exact else "—"


def _masks() -> Rows:
    yield "Kind", "First", "Last"
    for kind, (first, last) in masks.READABLE.items():
        yield f"`{kind}`", str(first), str(last)


def _errors() -> Rows:
    yield "Code", "Error", "中文", "English"
    found = {
        error
        for module in (errors, names, case_number_errors, areas, area_tables, money_errors)
        for error in vars(module).values()
        if isinstance(error, type) and issubclass(error, LianbanError) and "IDENTIFIERS" in error.code
    }
    for error in sorted(found, key=lambda error: error.code):
        yield error.code, f"`{error.__name__}`", error.zh, error.en


TABLES = {
    "kinds": _kinds,
    "forms": _forms,
    "registrars": _registrars,
    "courts": _courts,
    "special-trials": _special_trials,
    "case-kinds": _case_kinds,
    "area-changes": _area_changes,
    "amounts": _amounts,
    "masks": _masks,
    "errors": _errors,
}


def refreshed(page: str) -> str:
    """The page with every table printed anew. A mark without a table of that name is a ``KeyError``."""
    mark = re.compile(r"(<!-- table ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
    return mark.sub(lambda found: found[1] + _markdown(TABLES[found[2]]()) + found[3], page)


def _markdown(rows: Rows) -> str:
    head, *body = list(rows)
    lines = [head, ("---",) * len(head), *body]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)


def main(path: Path) -> None:
    """Rewrite the page in place."""
    path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
