"""Identifiers: case numbers, resident and credit codes, permits, plates, names — read, checked, written, masked.

Pure functions. Errors are subclasses of :class:`lianban.engines.errors.LianbanError` with codes
``LB-IDENTIFIERS-…``; they name the wrong digit and the reason and carry at most a masked form. Sources of
the rules are in the modules; the forms and tables are printed in ``docs/reference/identifiers.md``.
"""

from lianban.engines.identifiers.case_number_errors import InvalidCaseNumber
from lianban.engines.identifiers.case_numbers import (
    CaseNumber,
    CourtLevel,
    parse_case_number,
    split_case_numbers,
)
from lianban.engines.identifiers.checks import Identifier, check_identifier
from lianban.engines.identifiers.credit_codes import organisation_code
from lianban.engines.identifiers.errors import InvalidIdentifier
from lianban.engines.identifiers.labels import IdentifierKind, label
from lianban.engines.identifiers.masks import mask, mask_name
from lianban.engines.identifiers.names import InvalidName, comparison_key, names_equal, normalise_name
from lianban.engines.identifiers.resident_ids import birth_date, is_demo, is_male

__all__ = [
    "CaseNumber",
    "CourtLevel",
    "Identifier",
    "IdentifierKind",
    "InvalidCaseNumber",
    "InvalidIdentifier",
    "InvalidName",
    "birth_date",
    "check_identifier",
    "comparison_key",
    "is_demo",
    "is_male",
    "label",
    "mask",
    "mask_name",
    "names_equal",
    "normalise_name",
    "organisation_code",
    "parse_case_number",
    "split_case_numbers",
]
