"""Static checks of DMN models: what can be said of a model without evaluating it."""

from feeldmn.checks.findings import Finding
from feeldmn.checks.model_check import check_model
from feeldmn.checks.table_check import TableReport, analyse_table

__all__ = ["Finding", "TableReport", "analyse_table", "check_model"]
