"""Names and ARNs of Lambda functions, and what a trainer has against one."""

import re
from dataclasses import dataclass
from typing import Self

from router.errors import RouterError

ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12})"
    r":function:(?P<name>[A-Za-z0-9_-]{1,64})(?::(?P<qualifier>[A-Za-z0-9_$-]+))?"
)
NAME = re.compile(r"(?P<name>[A-Za-z0-9_-]{1,64})(?::(?P<qualifier>[A-Za-z0-9_$-]+))?")

PREFIX = "SageMaker-"
"""
How the name of a reward function begins. Nova jobs on HyperPod take only names with `SageMaker` in them, and
AmazonSageMakerModelCustomizationCoreAccess, the managed policy of execution roles, lets them invoke no other.
"""

WITHOUT_IT = "name the function without it"


@dataclass(frozen=True, slots=True)
class Function:
    """A function as somebody named it; what the name leaves out is empty."""

    name: str
    qualifier: str = ""
    """A version or an alias."""
    region: str = ""
    account: str = ""
    partition: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the function of a name or an ARN; raise RouterError where the text is neither."""
        match = ARN.fullmatch(text) or NAME.fullmatch(text)
        if match is None:
            raise RouterError(
                f"{text!r} is neither a function's name nor its ARN, "
                "such as arn:aws:lambda:us-east-1:123456789012:function:SageMaker-RewardRouter"
            )
        return cls(**{key: value or "" for key, value in match.groupdict().items()})

    @property
    def arn(self) -> str:
        """The unqualified ARN of a function that was named by one."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account}:function:{self.name}"

    @property
    def qualified(self) -> str:
        """What is said of a qualifier."""
        return f"`:{self.qualifier}` names a version or an alias"

    @property
    def objections(self) -> list[str]:
        """Why a trainer would not take it, a line each, with what to do."""
        found = []
        if self.qualifier:
            found.append(f"{self.qualified}, and SageMaker's check refuses such an ARN: {WITHOUT_IT}")
        if not self.name.startswith(PREFIX):
            found.append(
                f"the name {self.name} does not begin with {PREFIX}, and HyperPod and SageMaker's managed "
                f"policy call no other: deploy it with FunctionName={PREFIX}{self.name}"
            )
        return found
