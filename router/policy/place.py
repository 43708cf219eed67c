"""A place in S3 where a policy lies, `s3://bucket/key`."""

import re
from dataclasses import dataclass
from typing import Self

SCHEME = "s3://"
PLACE = re.compile(SCHEME + r"([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^/\s](?:.*\S)?)")


@dataclass(frozen=True, slots=True)
class Place:
    """One object."""

    bucket: str
    key: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a place as it is written; raise ValueError where it is none."""
        if not (found := PLACE.fullmatch(text)):
            raise ValueError(f"{text!r} names no object in S3: write s3://bucket/key")
        return cls(*found.groups())

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"
