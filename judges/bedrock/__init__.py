"""The telephone: a prompt goes out to Bedrock, a reply comes back, or a `JudgeError` says why not."""

from judges.bedrock.telephone import Telephone

__all__ = ["Telephone"]
