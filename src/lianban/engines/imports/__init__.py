"""Tables from outside: CSV and Excel, read row by row into the data of a scene's form, each mistake at its row and column.

The path: a file is opened (:func:`read_table`) → its heads are matched with the columns a form has (:func:`columns_of`,
:func:`match`) → each row is checked by the form itself (:class:`RowChecker`), so that an import refuses exactly what the page
refuses → bad rows go back with the reasons beside them (:func:`write_table`). Pure: bytes in, values out.
"""

from .checking import CheckedRow, RowChecker
from .columns import Column, Matched, columns_of, match
from .errors import HeadsWrong, TableTooLarge, TableUnreadable
from .tables import MOST_ROWS, Table, read_table
from .writing import template_heads, write_csv, write_table

__all__ = [
    "MOST_ROWS",
    "CheckedRow",
    "Column",
    "HeadsWrong",
    "Matched",
    "RowChecker",
    "Table",
    "TableTooLarge",
    "TableUnreadable",
    "columns_of",
    "match",
    "read_table",
    "template_heads",
    "write_csv",
    "write_table",
]
