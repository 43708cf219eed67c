"""
Everything that can go wrong by name.

RouterError
├── PolicyError            the policy has mistakes; nothing starts on it
├── EventRefused           the event is no batch of rollouts, or too large
├── ReplyBroken            our own reply failed its last check (a bug)
├── Unsettled              a rule says `if_unsettled: fail`, and a sample was not settled
└── JudgeError             a judge gave no verdict; the trail calls it a silence
    ├── JudgeUnavailable   throttled, down, reset, too slow: the same question may be asked again
    ├── JudgeRejected      Bedrock refuses the request for good: permission, model id, malformed
    ├── JudgeUnreadable    a reply came, but no verdict can be read from it
    └── JudgeLate          the batch's deadline came first
"""


class RouterError(Exception):
    """Base of every error that this project raises on purpose."""


class PolicyError(RouterError):
    """The policy has mistakes; `mistakes` holds one line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class EventRefused(RouterError):
    """The event is no batch of rollouts, or too large. No row can be rewarded."""


class ReplyBroken(RouterError):
    """Our own reply failed the check before it leaves."""


class Unsettled(RouterError):
    """A sample stayed unsettled under a rule that says `if_unsettled: fail`."""


class JudgeError(RouterError):
    """A judge was asked and gave no verdict."""


class JudgeUnavailable(JudgeError):
    """The model is throttled, down or too slow; the same question may be asked again."""


class JudgeRejected(JudgeError):
    """Bedrock refuses the request for good: a missing permission, a wrong model id, bad parameters."""


class JudgeUnreadable(JudgeError):
    """A reply came, but it holds no verdict that can be read strictly."""


class JudgeLate(JudgeError):
    """The batch's deadline came before a verdict."""
