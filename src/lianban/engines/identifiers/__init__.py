"""Identifiers: case numbers, resident and credit codes, permits, plates, names, areas, money.

Each is read, checked, written and masked here. Pure functions: nothing is stored and no clock is read.
Errors are subclasses of :class:`lianban.engines.errors.LianbanError` with codes ``LB-IDENTIFIERS-…``; they
name the wrong digit and the reason and carry at most a masked form. Sources of the rules are in the modules;
the forms and tables are printed in ``docs/reference/identifiers.md``.
"""

from lianban.engines.identifiers.area_tables import AreaTables, Disagreement, Town, TownKind, load_areas
from lianban.engines.identifiers.areas import (
    Area,
    AreaOutOfForce,
    UnknownArea,
    area_on,
    areas_with_code,
    counterpart_on,
    find_areas,
)
from lianban.engines.identifiers.case_number_errors import InvalidCaseNumber
from lianban.engines.identifiers.case_numbers import (
    CaseNumber,
    CourtLevel,
    parse_case_number,
    split_case_numbers,
)
from lianban.engines.identifiers.checks import Identifier, check_identifier
from lianban.engines.identifiers.chinese_numerals import from_chinese, to_chinese
from lianban.engines.identifiers.credit_codes import organisation_code
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.labels import IdentifierKind, label
from lianban.engines.identifiers.masks import mask, mask_name
from lianban.engines.identifiers.money import Bound, Money, MoneyStyle, render_money, to_capitals
from lianban.engines.identifiers.money_errors import InvalidMoney
from lianban.engines.identifiers.money_text import parse_money
from lianban.engines.identifiers.names import InvalidName, comparison_key, names_equal, normalise_name
from lianban.engines.identifiers.packed import (
    pack_credit_code,
    pack_resident_id,
    unpack_credit_code,
    unpack_resident_id,
)
from lianban.engines.identifiers.resident_ids import birth_date, is_demo, is_male

__all__ = [
    "Area",
    "AreaOutOfForce",
    "AreaTables",
    "Bound",
    "CaseNumber",
    "CourtLevel",
    "Disagreement",
    "Identifier",
    "IdentifierKind",
    "InvalidCaseNumber",
    "InvalidIdentifier",
    "InvalidMoney",
    "InvalidName",
    "Money",
    "MoneyStyle",
    "Town",
    "TownKind",
    "UnknownArea",
    "area_on",
    "areas_with_code",
    "birth_date",
    "check_identifier",
    "comparison_key",
    "counterpart_on",
    "find_areas",
    "from_chinese",
    "is_demo",
    "is_male",
    "label",
    "load_areas",
    "mask",
    "mask_name",
    "names_equal",
    "normalise_name",
    "organisation_code",
    "pack_credit_code",
    "pack_resident_id",
    "parse_case_number",
    "parse_money",
    "render_money",
    "split_case_numbers",
    "to_capitals",
    "to_chinese",
    "unpack_credit_code",
    "unpack_resident_id",
]
