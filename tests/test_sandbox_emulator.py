"""The sandbox under AWS's runtime emulator: credentials in the environment, the Runtime API on loopback."""

import socket
from collections.abc import Iterator, Sequence

import pytest

from tests.local.emulator import Emulated, emulated
from tests.raw_calls import RAW, number
from tests.sandbox_attacks import ATTACKS, REFUSED, RIGHT, attack
from verifiers.sandbox import Returned

SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIATANGERINE",
    "AWS_SECRET_ACCESS_KEY": "tangerine/secret",
    "AWS_SESSION_TOKEN": "tangerine-token",
}
A_BATCH = 20

SOCKET = number("socket")
CONNECT = number("connect")

LOOKS_EVERYWHERE = attack(
    "looks for credentials everywhere",
    """
import gc, os, sys
getenv = libc.getenv
getenv.restype = ctypes["c_char_p"]
environ = ctypes["POINTER"](ctypes["c_char_p"]).in_dll(libc, "environ")
found = [os.environ, sys.modules, gc.get_objects(), getenv(b"AWS_SESSION_TOKEN")]
found += [environ[0]] if environ else []
secret = "".join(["anger", "ine"])  # this source is in the memory that is searched
return [each for each in map(repr, found) if secret in each.lower()]
""",
    Returned([]),
    before=RAW,
)


def connects(port: int) -> str:
    """Source that connects to a port on loopback with raw system calls, whatever descriptor it gets."""
    address = f"(2).to_bytes(2, 'little') + ({port}).to_bytes(2, 'big') + bytes([127, 0, 0, 1]) + bytes(8)"
    body = f"return [raw({SOCKET}, 2, 1, 0), *[raw({CONNECT}, fd, {address}, 16) for fd in range(10)]]"
    return attack("connects", body, REFUSED, before=RAW).source


@pytest.fixture(scope="module")
def function() -> Iterator[Emulated]:
    with emulated("tests.functions.sandbox.lambda_handler", env=SECRETS, timeout=60) as up:
        yield up


def asked(function: Emulated, sources: Sequence[str]) -> dict[str, object]:
    reply, error = function.invoke(list(sources))
    assert error is None
    assert reply["closed"] is None
    assert reply["secret is here"]
    told: dict[str, object] = reply
    return told


@pytest.mark.parametrize("start", range(0, len(ATTACKS), A_BATCH))
def test_every_attack_meets_its_wall_under_the_runtime(function: Emulated, start: int) -> None:
    batch = ATTACKS[start : start + A_BATCH]
    told = asked(function, [source for each in batch for source in (each.source, each.twin)])
    assert told["outcomes"] == [repr(outcome) for each in batch for outcome in (each.meets, RIGHT)]
    assert "angerine" not in repr(told).lower()


def test_credentials_are_nowhere_to_be_found(function: Emulated) -> None:
    assert asked(function, [LOOKS_EVERYWHERE.source])["outcomes"] == [repr(LOOKS_EVERYWHERE.meets)]


def test_nothing_connects_to_the_runtime_api_or_to_any_listener(function: Emulated) -> None:
    runtime = str(asked(function, [])["runtime"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        ports = [int(runtime.rpartition(":")[2]), listener.getsockname()[1]]
        told = asked(function, [connects(port) for port in ports])
        assert told["outcomes"] == [repr(Returned([(-1, 1)] * 11))] * 2
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_nothing_of_a_run_is_left_for_the_next_invocation(function: Emulated) -> None:
    told = asked(function, [each.source for each in ATTACKS[:10]] + [ATTACKS[0].twin])
    assert str(told["outcomes"]).endswith(f"{RIGHT!r}']")
    assert "angerine" not in function.log().lower()
