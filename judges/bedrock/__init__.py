"""The telephone: one request goes out to Bedrock, its reply comes back, or a `JudgeError` says why not."""

from judges.bedrock.telephone import Telephone

__all__ = ["Telephone"]
