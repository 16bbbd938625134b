"""Event logs: what happened in real cases, read from XES and CSV.

``read_log(path)`` gives the cases; ``stream_events(path)`` the events one by one; ``statistics(log.cases)``
the reference figures that the indicators must reproduce.
"""

from lianban.engines.eventlogs.columns import Columns
from lianban.engines.eventlogs.logs import CaseLog, LoggedCase, LoggedEvent
from lianban.engines.eventlogs.reading import read_log, stream_events
from lianban.engines.eventlogs.statistics import LogStatistics, milliseconds, statistics

__all__ = [
    "CaseLog",
    "Columns",
    "LogStatistics",
    "LoggedCase",
    "LoggedEvent",
    "milliseconds",
    "read_log",
    "statistics",
    "stream_events",
]
