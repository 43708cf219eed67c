"""
A Bedrock on 127.0.0.1: a real HTTP server that speaks Converse, fails on command and forgets nothing.

    with LocalBedrock(faults=[throttled()], latency=0.3) as bedrock:
        ...  # call it at bedrock.url
    assert [call.fault for call in bedrock.calls] == ["throttled", None]

    python -m tests.local.bedrock --port 9100 --latency 0.3

Not covered: streaming, quotas of tokens, and which models exist.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self

from aiohttp import web

from tests.local import sdk
from tests.local.bedrock_faults import Fault, throttled
from tests.local.bedrock_quota import Quota
from tests.local.bedrock_replies import Call, best_verdict, converse_reply, json_object, refusal

REMEMBERED = ("Host", "Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "User-Agent")


@dataclass
class LocalBedrock:
    """
    The server, as a context manager: it runs in a thread, on a loop of its own.

    Read the log once the calls have ended.
    """

    answer: Callable[[Call], object] = best_verdict
    """Decides the verdict. A string is said as it is, anything else in the mode that was asked for."""
    faults: Callable[[Call], Fault | None] | Iterable[Fault | None] = ()
    """Asked for each call; or one taken for each call, until none is left."""
    quota: Quota | None = None
    """Throttles what is beyond it, before any fault has its turn."""
    latency: float | Callable[[Random, Call], float] = 0.0
    """Seconds before a reply of the model's; errors come at once."""
    reasoning: bool = False
    """Whether a reasoning block comes before the verdict."""
    port: int = 0
    """0: any free one, and then the one it got."""
    seed: int = 0
    """Of the generator that `latency` is given."""
    calls: list[Call] = field(default_factory=list, init=False)
    most_in_flight: int = field(default=0, init=False)
    _connections: set[web.RequestHandler] = field(default_factory=set, init=False)
    _busy: set[web.RequestHandler] = field(default_factory=set, init=False)

    @property
    def url(self) -> str:
        """Where to call."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections have ever carried a call."""
        return len(self._connections)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead an SDK here and to nowhere else; the credentials open nothing."""
        return sdk.environment(self.url, "bedrock_runtime")

    def __enter__(self) -> Self:
        self._rng = Random(self.seed)
        self._script = iter(()) if callable(self.faults) else iter(self.faults)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local bedrock", daemon=True)
        self._thread.start()
        self._on_loop(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._on_loop(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def drop_idle(self) -> None:
        """Close the connections that carry no call, as servers do with what is kept too long."""
        self._on_loop(self._drop_idle())

    async def _drop_idle(self) -> None:
        for connection in self._connections - self._busy:
            if connection.transport is not None:
                connection.transport.close()

    def _on_loop(self, todo: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(todo, self._loop).result()

    async def _start(self) -> None:
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_post("/model/{model}/converse", self._converse)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024).start()
        self.port = self._runner.addresses[0][1]

    async def _converse(self, request: web.Request) -> web.StreamResponse:
        received_at = time.monotonic()
        headers = {name: request.headers[name] for name in REMEMBERED if name in request.headers}
        call = Call(request.match_info["model"], headers, json_object(await request.read()), received_at)
        self.calls.append(call)
        self._connections.add(request.protocol)
        self._busy.add(request.protocol)
        self.most_in_flight = max(self.most_in_flight, len(self._busy))
        try:
            response = await self._reply(request, call)
            if request.transport is not None and not request.transport.is_closing():
                call.status = response.status
            return response
        finally:
            self._busy.discard(request.protocol)
            call.finished_at = time.monotonic()

    async def _reply(self, request: web.Request, call: Call) -> web.StreamResponse:
        if refused := refusal(call):
            return refused
        if fault := self._next_fault(call):
            call.fault = fault.name
            if (response := await fault.play(request)) is not None:
                return response
        await asyncio.sleep(self.latency(self._rng, call) if callable(self.latency) else self.latency)
        return web.json_response(converse_reply(call, self.answer(call), reasoning=self.reasoning))

    def _next_fault(self, call: Call) -> Fault | None:
        if self.quota and not self.quota.allows(call.received_at):
            return throttled()
        return self.faults(call) if callable(self.faults) else next(self._script, None)


def main() -> int:
    """Run a command against the server and return its exit status; without one, serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.local.bedrock", description="A Bedrock on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each reply")
    parser.add_argument("command", nargs="*", help="run this with the environment that leads here")
    options = parser.parse_args()
    with LocalBedrock(port=options.port, latency=options.latency) as bedrock, suppress(KeyboardInterrupt):
        if options.command:
            done = subprocess.run(options.command, env=os.environ | bedrock.environment, check=False)
            asked = f"{len(bedrock.calls)} times, at most {bedrock.most_in_flight} at once"
            sys.stdout.write(f"\nThe local Bedrock was asked {asked}; its verdict is always the best.\n")
            return done.returncode
        exports = "".join(f"  export {name}={value}\n" for name, value in bedrock.environment.items())
        sys.stdout.write(f"Bedrock answers at {bedrock.url}. In another terminal:\n\n{exports}\n")
        sys.stdout.flush()
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
