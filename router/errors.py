"""
Everything that can go wrong by name.

RouterError
├── PolicyError            the policy has mistakes; nothing starts on it
│   ├── PolicyAbsent       there is none in its place in S3
│   └── PolicyUnreachable  it lies in S3, which did not answer in time; it may later
├── PolicyChanged          somebody else published meanwhile
├── EventRefused           the event is no batch of rollouts, or too large
├── BatchBroken            a bug of ours failed the batch
├── ReplyBroken            our own reply failed its last check (a bug)
├── Unsettled              a rule says `if_unsettled: fail`, and a sample was not settled
├── BucketFailed           S3 did not do what was asked of it in time; `code` says why
├── TableUnavailable       the table that instances share cannot be reached; a batch does without
└── JudgeError             a judge gave no verdict; the trail calls it a silence
    ├── JudgeUnavailable   the model is down: the same question may be asked again
    │   ├── JudgeBusy      down or full, and another model could be asked instead
    │   ├── JudgeThrottled thrown back, because of a quota
    │   └── JudgeLost      the request went out and no whole reply came back; it may have been billed
    ├── JudgeRejected      Bedrock would refuse every request: permission, model id, credentials
    ├── JudgeRefused       Bedrock refuses this request for good
    ├── JudgeUnreadable    a reply came, but no verdict can be read from it
    │   └── JudgeStopped   because the model was stopped: by a limit, a filter, a guardrail
    ├── JudgeOverBudget    the question might cost more than the policy's budget has left
    └── JudgeLate          the batch's deadline came first
"""


class RouterError(Exception):
    """Base of every error that this project raises on purpose."""


class PolicyError(RouterError):
    """The policy has mistakes; `mistakes` holds one line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class PolicyAbsent(PolicyError):
    """The policy's place in S3 is empty."""


class PolicyUnreachable(PolicyError):
    """The policy lies in S3, and no whole answer came in time; later one might."""


class PolicyChanged(RouterError):
    """What lies in the policy's place is not what was read there before."""


class EventRefused(RouterError):
    """The event is no batch of rollouts, or too large. No row can be rewarded."""


class BatchBroken(RouterError):
    """A bug of ours failed the batch; its own message, which may quote a sample, stays unsaid."""


class ReplyBroken(RouterError):
    """Our own reply failed the check before it leaves."""


class Unsettled(RouterError):
    """A sample stayed unsettled under a rule that says `if_unsettled: fail`."""


class BucketFailed(RouterError):
    """S3 did not do what was asked of it in time; `code` is its word for why, or the SDK's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class TableUnavailable(RouterError):
    """The table that instances share did not answer, or with nonsense. A batch does without."""


class JudgeError(RouterError):
    """A judge was asked and gave no verdict."""


class JudgeUnavailable(JudgeError):
    """The model is down; nothing was billed, and the same question may be asked again."""


class JudgeBusy(JudgeUnavailable):
    """The model is down or has no turn in time, and another one could be asked instead: it was not called."""


class JudgeThrottled(JudgeUnavailable):
    """Bedrock threw the request back because of a quota; the same question may be asked again, later."""


class JudgeLost(JudgeUnavailable):
    """The request went out and no whole reply came back: it may have been billed, and may be asked again."""


class JudgeRefused(JudgeError):
    """Bedrock refuses this one request for good, or a judge cannot ask about this sample."""


class JudgeRejected(JudgeError):
    """Bedrock would refuse every request to this model: for want of a permission, a model, credentials."""


class JudgeUnreadable(JudgeError):
    """A reply came, but it holds no verdict that can be read strictly."""


class JudgeStopped(JudgeUnreadable):
    """The model was stopped before its verdict; asked again, it would be stopped again."""


class JudgeOverBudget(JudgeError):
    """The question might cost more than is left of the policy's budget."""


class JudgeLate(JudgeError):
    """The batch's deadline came before a verdict."""
