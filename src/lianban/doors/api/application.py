"""The API object: its renderer, its errors, its routers, one file a concept."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from lianban import __version__
from lianban.doors.api import (
    agencies,
    delegations,
    documents,
    errors,
    figures,
    ledger,
    letters,
    matters,
    measures,
    payments,
    registries,
    sessions,
    tasks,
)


class Orjson(BaseRenderer):
    """Chinese as it is, instants as ISO 8601 in UTC."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


api = NinjaAPI(
    title="联办 Lianban",
    version=__version__,
    description=(
        "Open matters, sign for letters, answer them, check answers, read figures and prove ledger entries. Every"
        " error has one shape: `{error: {code, message: {zh, en}, found}}`. POST takes an `Idempotency-Key`."
    ),
    renderer=Orjson(),
    docs_url=None,
    urls_namespace="api",
)
errors.register(api)
for _prefix, _router in (
    ("/sessions", sessions.router),
    ("/agencies", agencies.router),
    ("/matters", matters.router),
    ("/measures", measures.router),
    ("/payments", payments.router),
    ("/tasks", tasks.router),
    ("/letters", letters.router),
    ("/documents", documents.router),
    ("/delegations", delegations.router),
    ("/figures", figures.router),
    ("/registries", registries.router),
    ("/ledger", ledger.router),
):
    api.add_router(_prefix, _router)
