"""
`attach`: print what to paste so that a trainer calls the function, with the permissions that this takes.

The texts are in `platforms/NAME.md`; each ends with where it is from. What no source says is not in them.
"""

import argparse
from pathlib import Path

from router.commands.functions import WITHOUT_IT, Function
from router.errors import RouterError

HELP = "print what to paste so that a trainer calls the function, with the permissions that this takes"

TEXTS = Path(__file__).parent / "platforms"
PLATFORMS = ("bedrock", "bedrock-open-weight", "hyperpod", "sagemaker", "training-job")

OF_ANY_NAME = ("bedrock", "bedrock-open-weight")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the platform and the function."""
    parser.add_argument("platform", choices=PLATFORMS, metavar="PLATFORM", help=", ".join(PLATFORMS))
    parser.add_argument("function", metavar="FUNCTION_ARN", help="the function's ARN, unqualified")


def run(arguments: argparse.Namespace) -> int:
    """Print the platform's text with the function in it."""
    function = Function.read(arguments.function)
    if not function.account:
        raise RouterError(
            f"{arguments.function} is a name, and trainers want the ARN: "
            "it is RewardFunctionArn in the stack's outputs"
        )
    if objections := _objections(arguments.platform, function):
        raise RouterError("; ".join(objections))
    print(filled(arguments.platform, function), end="")
    return 0


def _objections(platform: str, function: Function) -> list[str]:
    """Return what the platform has against the function; Bedrock takes any name."""
    if platform not in OF_ANY_NAME:
        return function.objections
    why = f"{function.qualified}, and what is printed here is for the function itself: {WITHOUT_IT}"
    return [why] if function.qualifier else []


def filled(platform: str, function: Function) -> str:
    """Return a platform's text with the function in it."""
    text = (TEXTS / f"{platform}.md").read_text(encoding="utf-8")
    for name in ("arn", "account", "partition", "region"):
        text = text.replace(f"{{{{{name}}}}}", getattr(function, name))
    return text
