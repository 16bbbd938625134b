"""One error shape for every call: code, both sentences, what was found."""

from __future__ import annotations

import secrets

import orjson
import structlog
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lianban.actions.errors import FileTooLarge
from lianban.engines.errors import LianbanError, OurFault, YourMistake

log = structlog.get_logger("lianban.api")


class CallerUnknown(YourMistake):
    code = "LB-API-001"
    status = 401
    zh = "未提供有效的密钥，或会话已结束。请在 Authorization 请求头中以 Bearer 方式提供密钥。"
    en = "No valid key was sent, or its session ended. Send the key in the Authorization header, as Bearer."


class RequestRefused(YourMistake):
    code = "LB-API-002"
    status = 422
    zh = "请求内容不符合接口说明：{problems}。请对照 /api/v1/openapi.json 修改。"
    en = "The request does not match the description: {problems}. Compare it with /api/v1/openapi.json."


class NoSuchAddress(YourMistake):
    code = "LB-API-003"
    status = 404
    zh = "没有这个接口地址。请对照 /api/v1/openapi.json。"
    en = "There is no such address in this API. See /api/v1/openapi.json."


class RequestTooLarge(YourMistake):
    code = "LB-API-004"
    status = 413
    zh = "请求内容超过上限 {limit} 字节，未处理。请分次提交。"
    en = "The request is larger than {limit} bytes and was not processed. Send it in parts."


class NoSuchMethod(YourMistake):
    code = "LB-API-006"
    status = 405
    zh = "该接口地址不支持 {method}。请对照 /api/v1/openapi.json。"
    en = "This address does not take {method}. See /api/v1/openapi.json."


class Unexpected(OurFault):
    code = "LB-API-005"
    zh = "系统出错，本次请求没有产生任何改动。请把编号 {reference} 告知管理员。"
    en = (
        "Something failed on our side; the request changed nothing. Tell the operator the number {reference}."
    )


def answer(error: LianbanError) -> HttpResponse:
    return HttpResponse(
        orjson.dumps({"error": error.as_dict()}), status=error.status, content_type="application/json"
    )


def in_shape(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the framework refuses by itself (no such address, no such method, a file it stopped reading) says it in
    the one shape as well."""
    if (too_large := getattr(request, "upload_refused", None)) is not None and response.status_code >= 400:
        return answer(FileTooLarge(**too_large))
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    match response.status_code:
        case 404:
            return answer(NoSuchAddress())
        case 405:
            shaped = answer(NoSuchMethod(method=request.method))
            if "Allow" in response.headers:
                shaped.headers["Allow"] = response.headers["Allow"]
            return shaped
        case status if status < 500:
            return answer(RequestRefused(problems=response.reason_phrase))
    return answer(Unexpected(reference="—"))


def register(api: NinjaAPI) -> None:
    """Every way a call can fail ends in the one shape."""

    @api.exception_handler(LianbanError)
    def family(request: HttpRequest, error: LianbanError) -> HttpResponse:
        if isinstance(error, OurFault):
            log.error("our_fault", code=error.code, path=request.path)
        return answer(error)

    @api.exception_handler(ValidationError)
    def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Where and what, never the value: it may be personal data.
        problems = "; ".join(
            f"{'.'.join(str(p) for p in one['loc'])}: {one['msg']}" for one in error.errors[:10]
        )
        return answer(RequestRefused(problems=problems))

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(RequestRefused(problems=str(error)))

    @api.exception_handler(DataError)
    def unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
        # A character or a number that PostgreSQL cannot hold; what it says of it may repeat the value.
        return answer(RequestRefused(problems="a value that cannot be stored (NUL, or out of range)"))

    @api.exception_handler(Exception)
    def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
        reference = secrets.token_hex(4)
        log.exception("unexpected", reference=reference, path=request.path)
        return answer(Unexpected(reference=reference))
