"""Migration 迁移: open matters go on in a new version of their drawing.

::

    way = route(old, new, read_map(text))          # by id, and by the map for the rest; MapRefused
    judge(way, Situation("p", ScopeKind.PROCESS, (("approve", "f1"),)))   # () or what keeps the matter
    changes(way)                                   # what becomes of tokens, tasks, timers, scopes
    compare(old, new)                              # what a reader of the two drawings should know

Nothing here knows of rows in a database: a situation is judged once, however many matters are in it, and the
changes are said so that the database can make them in bulk.
"""

from lianban.engines.migration.changing import Changes, NewTimer, TaskChange, armed, changes
from lianban.engines.migration.comparing import Difference, FieldChange, Sort, compare
from lianban.engines.migration.computing import Computing
from lianban.engines.migration.errors import MapProblem, MapRefused
from lianban.engines.migration.judging import Obstacle, Situation, judge
from lianban.engines.migration.mapping import ElementMap, Route, Since, read_map, route

__all__ = [
    "Changes",
    "Computing",
    "Difference",
    "ElementMap",
    "FieldChange",
    "MapProblem",
    "MapRefused",
    "NewTimer",
    "Obstacle",
    "Route",
    "Since",
    "Situation",
    "Sort",
    "TaskChange",
    "armed",
    "changes",
    "compare",
    "judge",
    "read_map",
    "route",
]
