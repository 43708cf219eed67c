"""`publish`: put a policy where a running function takes it from, unless something is wrong with it."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from router.commands.check import refused
from router.errors import PolicyAbsent, PolicyChanged, PolicyError
from router.policy.build import build
from router.policy.check import Checked, check_text
from router.policy.differences import differences
from router.policy.models import ENVIRONMENT
from router.policy.place import Place
from router.policy.whole import whole
from router.policy.words import in_words

if TYPE_CHECKING:
    from router.policy.s3 import S3Object
    from router.s3 import Written

HELP = "check a policy, say what changes, and put it in S3, where a running function takes it from"

SECONDS = 30.0
"""For each call to S3."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the policy, and where it goes."""
    parser.add_argument("policy", type=Path, metavar="POLICY", help="the policy's file")
    parser.add_argument("place", type=_place, metavar="s3://BUCKET/KEY", help="the stack's PolicyLocation")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and leave it")


def run(arguments: argparse.Namespace) -> int:
    """Publish and return 0; return 1 where the policy has mistakes, or somebody else published meanwhile."""
    arguments.policy.open().close()  # a file that is not there is bad input, not a failed check
    try:
        text, checked = whole(arguments.policy)
    except PolicyError as error:
        return refused(error)
    from router.policy.s3 import S3Object  # noqa: PLC0415 - the AWS SDK, which no other command waits for

    there = S3Object(arguments.place)
    before = _read(there)
    print("\n".join(_news(arguments.place, before, checked)))
    if before and before.data == text.encode():
        etag, what = before.etag, "Nothing to do: it lies there already"
    elif arguments.dry_run:
        etag, what = "", "Nothing is written"
    else:
        try:
            etag = _write(there, text.encode(), before.etag if before else "")
        except PolicyChanged as error:
            print(f"publish: {error}: look at what lies there now, and publish again", file=sys.stderr)
            return 1
        what = "Published. Running instances take it within a minute, before a batch; new ones start with it"
    print("\n".join([f"{what}.", *_named(checked, etag)]))
    return 0


def _read(there: "S3Object") -> "Written | None":
    try:
        return there.read(SECONDS)
    except PolicyAbsent:
        return None


def _write(there: "S3Object", data: bytes, over: str) -> str:
    """Return the ETag; where the answer to an attempt got lost, the next one finds our own policy there."""
    try:
        return there.write(SECONDS, data, over=over)
    except PolicyChanged:
        if (now := _read(there)) and now.data == data:
            return now.etag
        raise


def _news(place: Place, before: "Written | None", checked: Checked) -> list[str]:
    """Say what the policy does, or what it does otherwise than the one that lies there."""
    if before is None:
        return [f"{place} is empty.", in_words("The policy", checked), ""]
    try:
        old = check_text(str(place), before.data)
    except PolicyError as error:
        first = f"What lies at {place} has mistakes, the first of them: {error.mistakes[0]}"
        return [first, in_words("The policy", checked), ""]
    lines = differences(old, checked)
    return [f"At {place} this changes:", *(f"  {line}" for line in lines or ["nothing that it does."]), ""]


def _named(checked: Checked, etag: str) -> list[str]:
    """Name the policy as logs, metrics and S3 do."""
    fingerprint = f"fingerprint {build(checked).fingerprint}"
    filled = json.dumps([checked["rules"], checked["budget"]])
    if names := sorted({found[1] for found in ENVIRONMENT.finditer(filled)}):
        fingerprint += f", where the function's {', '.join(names)} are as here"
    return [fingerprint, *([f"ETag {etag}"] if etag else [])]


def _place(text: str) -> Place:
    try:
        return Place.of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
