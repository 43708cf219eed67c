"""
How the local Bedrock fails: the errors that Converse is known for, and the network's own.

A fault sees the HTTP request and returns the response instead of the model's; None lets the
model reply after all.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Play = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; the log knows it by its name."""

    name: str
    play: Play


def error_reply(code: str, status: int, message: str) -> web.Response:
    """Return an error as Bedrock types it: by a header, which may carry a suffix after a colon."""
    headers = {"x-amzn-ErrorType": f"{code}:http://internal.amazon.com/coral/com.amazon.bedrock/"}
    return web.json_response({"message": message}, status=status, headers=headers)


def typed(name: str, code: str, status: int, message: str) -> Fault:
    """Fail with one of Bedrock's own errors."""

    async def play(_: web.Request) -> web.StreamResponse:
        return error_reply(code, status, message)

    return Fault(name, play)


def throttled(status: int = 429) -> Fault:
    """Too many requests; seen with 429 and with 400."""
    return typed(
        "throttled", "ThrottlingException", status, "Too many requests, please wait before trying again."
    )


def unavailable() -> Fault:
    """The service is down."""
    return typed(
        "unavailable", "ServiceUnavailableException", 503, "Bedrock is unable to process your request."
    )


def internal() -> Fault:
    """The service has a bug."""
    return typed("internal", "InternalServerException", 500, "The system encountered an unexpected error.")


def model_not_ready() -> Fault:
    """The model is still being loaded."""
    return typed(
        "model_not_ready", "ModelNotReadyException", 429, "The model is not ready to serve requests."
    )


def model_timeout() -> Fault:
    """The model took too long."""
    return typed(
        "model_timeout", "ModelTimeoutException", 408, "Model has timed out in processing the request."
    )


def model_error() -> Fault:
    """The model failed."""
    return typed("model_error", "ModelErrorException", 424, "The system encountered an error in the model.")


def access_denied() -> Fault:
    """The role lacks a permission."""
    message = "User is not authorized to perform: bedrock:InvokeModel on this resource"
    return typed("access_denied", "AccessDeniedException", 403, message)


def no_such_model() -> Fault:
    """The region does not know the model."""
    message = "Could not resolve the foundation model from the provided model identifier."
    return typed("no_such_model", "ResourceNotFoundException", 404, message)


def invalid(message: str) -> Fault:
    """Validation refuses the request."""
    return typed("invalid", "ValidationException", 400, message)


def expired_token() -> Fault:
    """The credentials are too old."""
    message = "The security token included in the request is expired"
    return typed("expired_token", "ExpiredTokenException", 403, message)


def replied(name: str, body: bytes, content_type: str = "application/json", status: int = 200) -> Fault:
    """Reply with these very bytes."""

    async def play(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, content_type=content_type)

    return Fault(name, play)


def odd(reply: object) -> Fault:
    """Reply 200 with this JSON, whatever its shape."""
    return replied("odd", json.dumps(reply).encode())


def broken_json() -> Fault:
    """Reply 200 with half a JSON text."""
    return replied("broken_json", b'{"output": {"message": {"content": [{"te')


def empty() -> Fault:
    """Reply 200 with nothing."""
    return replied("empty", b"")


def html(status: int = 503) -> Fault:
    """Reply as a load balancer on the way does."""
    return replied("html", b"<html><body><h1>Sorry</h1></body></html>", "text/html", status)


def hang(seconds: float) -> Fault:
    """Reply only after this time, if anybody still listens."""

    async def play(_: web.Request) -> None:
        await asyncio.sleep(seconds)

    return Fault("hang", play)


def reset(*, mid_body: bool = False, after: float = 0.0) -> Fault:
    """Drop the connection before the reply, or in the middle of it."""

    async def play(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(after)
        response = await half_a_reply(request) if mid_body else web.Response()
        if request.transport is not None:
            request.transport.abort()
        return response

    return Fault("reset", play)


def truncated() -> Fault:
    """Announce more of a body than is sent, then close in good order."""

    async def play(request: web.Request) -> web.StreamResponse:
        response = await half_a_reply(request)
        if request.transport is not None:
            request.transport.close()
        return response

    return Fault("truncated", play)


async def half_a_reply(request: web.Request) -> web.StreamResponse:
    """Send the headers of a reply and half of its body."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "64"})
    await response.prepare(request)
    await response.write(b'{"output": {"message": {"content')
    return response
