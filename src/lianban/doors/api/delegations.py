"""Delegations 代理: a colleague acts in one's post for a time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from lianban.actions.delegate import colleague, delegate, end_delegation
from lianban.doors.api import shapes
from lianban.doors.api.matters import REFUSED

router = Router(tags=["delegations"])


@router.post("", response={200: shapes.Opened, **REFUSED}, summary="Let a colleague act in one's post")
def make(request: HttpRequest, body: shapes.Delegating) -> dict[str, UUID]:
    made = delegate(request.acting, colleague(body.to), body.begins_at, body.ends_at, body.reason)
    return {"id": made}


@router.delete("/{delegation}", response={200: shapes.Done, **REFUSED}, summary="End a delegation early")
def end(request: HttpRequest, delegation: UUID) -> dict[str, bool]:
    end_delegation(request.acting, delegation)
    return {"done": True}
