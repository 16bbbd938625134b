"""Structured logs, one JSON object a line, without personal data.

Two nets: fields that could hold a person's data are dropped by name, and what looks like an identity number,
a phone number or a key is blotted out of every text that is left, tracebacks included. Logs are for operators,
who have no business with matters.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

# Fields that are never logged, whatever they hold.
DROPPED = frozenset(
    {"name", "names", "password", "key", "token", "cookie", "authorization", "id_number", "identifier", "phone", "address",
     "data", "body", "params", "payload", "subject", "subjects", "answer", "findings"}
)  # fmt: skip
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|[0-9A-HJ-NPQRTUWXY]{18})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z_-])[A-Za-z0-9_-]{43}=(?![0-9A-Za-z])"  # a session key as it travels
)
_BLOT = "▇▇▇"


def without_people(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop the fields of people and blot out what looks like one of their numbers."""
    for name in DROPPED & event.keys():
        del event[name]
    for name, value in event.items():
        event[name] = _blotted(value)
    return event


def _blotted(value: Any) -> Any:
    if isinstance(value, str):
        return _PERSONAL.sub(_BLOT, value)
    if isinstance(value, dict):
        return {key: _blotted(item) for key, item in value.items() if key not in DROPPED}
    if isinstance(value, list | tuple):
        return [_blotted(item) for item in value]
    return value


def _rendered(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str).decode()


def configure(_settings: Any = None) -> None:
    """Called by Django with its LOGGING setting, which is not used: there is one way to log."""
    level = os.environ.get("LIANBAN_LOG_LEVEL", "WARNING" if sys.stderr.isatty() else "INFO").upper()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_people,
                _rendered,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Django says every 4xx twice, with the path; the doors say what is worth saying.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security").setLevel(logging.ERROR)
