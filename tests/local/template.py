"""template.yaml as CloudFormation sees it: after SAM's own transform, and with its references filled in."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.tools import sam

TRANSFORM = """
import json, samcli.yamlhelper as yaml
from samcli.lib.translate.sam_template_validator import SamTemplateValidator
template = yaml.yaml_parse(open("template.yaml").read())
validator = SamTemplateValidator(template, managed_policy_loader=None, region="us-east-1")
print(json.dumps(yaml.yaml_parse(validator.get_translated_template_if_valid())))
"""
PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = {"Ref": "AWS::NoValue"}
CONDITIONAL = ("Resources", "Outputs")
DECIDING = ("Conditions", "Rules")
"""Sections that are of no use once conditions are decided."""


@cache
def transformed() -> Any:
    """Return the CloudFormation template that SAM makes of ours; nobody may change it."""
    done = sam("python", "-c", TRANSFORM)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def defaults() -> dict[str, str]:
    """Return the parameters as they are where nobody gives any."""
    return {name: str(parameter["Default"]) for name, parameter in transformed()["Parameters"].items()}


def deployed(**given: str) -> Any:
    """Return what a stack with these parameters holds, by the template's names; the rest are defaults."""
    return Filling(transformed(), defaults() | PSEUDO | given).stack()


class Filling:
    """CloudFormation's functions over one template, with values for what it refers to."""

    def __init__(self, template: Any, values: Mapping[str, str]) -> None:
        self.template = template
        self.values = values

    def stack(self) -> Any:
        """Return the resources and outputs with every function carried out."""
        there = self.there()
        return {"Resources": self.filled(there["Resources"]), "Outputs": self.filled(there["Outputs"])}

    def there(self) -> Any:
        """Return the template with its conditions decided and nothing else: what is off is not in it."""
        parts = {
            section: {name: self._without_condition(one) for name, one in named.items() if self._is_on(one)}
            for section, named in self.template.items()
            if section in CONDITIONAL
        }
        return {key: part for key, part in self.template.items() if key not in DECIDING} | parts

    def filled(self, node: Any) -> Any:
        """Return the node with its functions carried out and without what has no value."""
        match self._decided(node):
            case {"Ref": str(name)}:
                return self._named(name)
            case {"Condition": str(name)} if len(node) == 1:
                return self._holds(name)
            case {"Fn::GetAtt": [str(resource), str(attribute)]}:
                return self._named(f"{resource}.{attribute}")
            case {"Fn::Sub": [str(text), extra]}:
                return self._substituted(text, self.filled(extra))
            case {"Fn::Sub": str(text)}:
                return self._substituted(text, {})
            case dict() as one if len(one) == 1 and (name := next(iter(one))).startswith("Fn::"):
                return self._function(name, self.filled(one[name]))
            case dict() as mapping:
                return {key: self.filled(value) for key, value in mapping.items()}
            case list() as items:
                return [self.filled(one) for one in items]
            case plain:
                return plain

    def _decided(self, node: Any) -> Any:
        """Return the node with each Fn::If decided, and without what has no value then."""
        match node:
            case {"Fn::If": [str(condition), yes, no]}:
                return self._decided(yes if self._holds(condition) else no)
            case dict():
                decided = {key: self._decided(value) for key, value in node.items()}
                return {key: value for key, value in decided.items() if value != NO_VALUE}
            case list():
                return [value for one in node if (value := self._decided(one)) != NO_VALUE]
        return node

    def _without_condition(self, part: Mapping[str, Any]) -> Any:
        return self._decided({key: value for key, value in part.items() if key != "Condition"})

    def _is_on(self, part: Mapping[str, Any]) -> bool:
        return "Condition" not in part or self._holds(part["Condition"])

    def _holds(self, condition: str) -> bool:
        return bool(self.filled(self.template["Conditions"][condition]))

    def _named(self, name: str) -> str:
        return self.values.get(name, name)

    def _substituted(self, text: str, extra: Mapping[str, str]) -> str:
        filled = re.sub(
            r"\$\{([^!}]+)\}", lambda found: str(extra.get(found[1], self._named(found[1]))), text
        )
        return filled.replace("${!", "${")

    def _function(self, name: str, arguments: Any) -> Any:
        match name, arguments:
            case "Fn::Equals", [one, other]:
                return str(one) == str(other)
            case "Fn::Not", [one]:
                return not one
            case "Fn::And", _:
                return all(arguments)
            case "Fn::Or", _:
                return any(arguments)
            case "Fn::Join", [separator, parts]:
                return separator.join(parts)
            case "Fn::Split", [separator, text]:
                return text.split(separator)
            case "Fn::Select", [index, parts]:
                return parts[int(index)]
            case "Fn::FindInMap", [mapping, first, second]:
                return self.template["Mappings"][mapping][first][second]
        raise ValueError(f"{name} of {arguments!r}: teach tests/local/template.py this function")
