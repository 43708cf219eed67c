"""`serve`: Lambda's Invoke API on loopback, for boto3, the AWS CLI and AWS's own reward check."""

import argparse
import json
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from router.batch import Handler, make_handler
from router.commands.options import STAND_IN, add_policy_and_judge
from router.policy import load_policy
from router.wire.events import MAX_BYTES

ANY = "export AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"

HELP = "answer Lambda's Invoke API on loopback, for boto3, the AWS CLI and AWS's own reward check"

PREFIX, SUFFIX = "/2015-03-31/functions/", "/invocations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the port."""
    parser.add_argument(
        "--port", type=_port, default=9001, help="port on 127.0.0.1 (default 9001; 0 takes a free one)"
    )
    add_policy_and_judge(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    policy = load_policy(arguments.policy)
    with (
        closing(make_handler(policy, arguments.judge, emit=_say)) as handler,
        Server(handler, arguments.port) as server,
    ):
        if arguments.judge == "offline":
            _say(STAND_IN)
        url = f"http://127.0.0.1:{server.server_port}"
        print(f"Lambda's Invoke API for any function name: export AWS_ENDPOINT_URL_LAMBDA={url}", flush=True)
        print(f"The SDK also wants a region and credentials; any will do here: {ANY}", flush=True)
        server.serve_forever()
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to 65535")
    return int(text)


class Server(ThreadingHTTPServer):
    """A thread for each connection; like one Lambda instance, it works on one request at a time."""

    request_queue_size = 1024
    """As many connections may wait as a trainer opens at once."""

    def __init__(self, handler: Handler, port: int) -> None:
        super().__init__(("127.0.0.1", port), Invocation)
        self._handler = handler
        self._one_at_a_time = threading.Lock()

    def invoke(self, event: object) -> tuple[object, dict[str, str]]:
        """Return the reply and its headers; an exception becomes what Lambda makes of it."""
        try:
            with self._one_at_a_time:
                return self._handler(event, None), {}
        except Exception as error:
            failure = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
            return failure, {"X-Amz-Function-Error": "Unhandled"}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Invocation(BaseHTTPRequestHandler):
    """One connection, with as many requests as its client sends."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes: the second would wait 40 ms

    def do_POST(self) -> None:
        """Invoke the function, whatever its name."""
        payload = self._payload()
        path = unquote(self.path.partition("?")[0])
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            self._refuse(404, "ResourceNotFoundException", f"Functions are at POST {PREFIX}<name>{SUFFIX}")
        elif payload is None:
            said = f"Request must be {MAX_BYTES} bytes or fewer, counted in Content-Length"
            self._refuse(413, "RequestTooLargeException", said)
        else:
            self._invoke(payload)

    def _payload(self) -> bytes | None:
        """Read the body; return None, and leave nothing of it behind, where it is too large or has no end."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            return None
        left = int(length)
        if left <= MAX_BYTES:
            return self.rfile.read(left)
        while left and (read := self.rfile.read(min(left, MAX_BYTES))):
            left -= len(read)
        return None

    def _invoke(self, payload: bytes) -> None:
        try:
            event = json.loads(payload or b"null")
        except (ValueError, RecursionError) as error:
            self._refuse(400, "InvalidRequestContentException", f"Could not parse request body: {error}")
        else:
            self._send(200, *self.server.invoke(event))

    def _refuse(self, status: int, error: str, message: str) -> None:
        self._send(status, {"Type": "User", "Message": message}, {"x-amzn-ErrorType": error})

    def _send(self, status: int, content: object, headers: Mapping[str, str]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the handler has its own line for a batch."""
