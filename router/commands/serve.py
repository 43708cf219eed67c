"""`serve`: Lambda's Invoke API on loopback, for boto3, the AWS CLI and AWS's own reward check."""

import argparse
import json
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from router.commands.options import STAND_IN, add_policy_and_judge
from router.handler import Handler, make_handler
from router.policy import load_policy
from router.wire.events import MAX_EVENT_BYTES

HELP = "answer Lambda's Invoke API on loopback, for boto3, the AWS CLI and AWS's own reward check"

PREFIX, SUFFIX = "/2015-03-31/functions/", "/invocations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the port."""
    parser.add_argument(
        "--port", type=int, default=9001, help="port on 127.0.0.1 (default 9001; 0 takes a free one)"
    )
    add_policy_and_judge(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    handler = make_handler(load_policy(arguments.policy), arguments.judge)
    if arguments.judge == "offline":
        print(STAND_IN, file=sys.stderr)
    with make_server(handler, arguments.port) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        print(f"Lambda's Invoke API for any function name: export AWS_ENDPOINT_URL_LAMBDA={url}", flush=True)
        server.serve_forever()
    return 0


def make_server(handler: Handler, port: int) -> ThreadingHTTPServer:
    """Return a server for this handler on 127.0.0.1; like one Lambda instance, it works on one request."""
    one_at_a_time = threading.Lock()

    class Invocation(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            path = unquote(self.path.partition("?")[0])
            if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
                self._send(404, {"Message": f"POST {PREFIX}<name>{SUFFIX}"})
                return
            length = int(self.headers.get("Content-Length") or 0)
            if length > MAX_EVENT_BYTES:
                self.close_connection = True
                self._send(413, {"Message": f"Request must be smaller than {MAX_EVENT_BYTES} bytes"})
                return
            with one_at_a_time:
                self._invoke(self.rfile.read(length))

        def _invoke(self, payload: bytes) -> None:
            try:
                self._send(200, handler(json.loads(payload or b"null"), None))
            except Exception as error:
                frames = traceback.format_tb(error.__traceback__)
                failure = {
                    "errorMessage": str(error),
                    "errorType": type(error).__name__,
                    "stackTrace": frames,
                }
                self._send(200, failure, {"X-Amz-Function-Error": "Unhandled"})

        def _send(self, status: int, content: object, headers: dict[str, str] | None = None) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the handler has its own line for a batch."""

    return ThreadingHTTPServer(("127.0.0.1", port), Invocation)
