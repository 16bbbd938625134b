"""/api/v1: the same actions as the pages, for agencies' own systems."""

from lianban.doors.api.application import api

__all__ = ["api"]
