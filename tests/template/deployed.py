"""The template as CloudFormation deploys it: SAM and language extensions applied, parameters and conditions resolved.

`python -m tests.template.deployed prod` prints it, for tools that judge what is deployed.
"""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

from samcli.lib.cfn_language_extensions.api import process_template  # type: ignore[import-untyped] # no types
from samcli.lib.cfn_language_extensions.models import PseudoParameterValues  # type: ignore[import-untyped]
from samcli.lib.translate import sam_template_validator  # type: ignore[import-untyped]
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader  # type: ignore[import-untyped]

from tests.support.cloud import TEMPLATE
from tests.support.events import ACCOUNT, REGION

STACK = "desk"
"""A name that the template does not mention."""
OPTIONS = {
    "AlarmEmail": "desk@example.com",
    "ApiDomain": "orders.example.com",
    "ApiCertificate": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1",
    "RequestsPerAddress": "3000",
    "ArchiveLockDays": "2190",
    "Tracing": "Active",
}
"""Everything that a deployment may choose to have."""
PSEUDO = PseudoParameterValues(REGION, ACCOUNT, stack_name=STACK, partition="aws", url_suffix="amazonaws.com")

logging.getLogger("samtranslator").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Deployed:
    """What a deployment has: resources and outputs whose condition is false are not there."""

    resources: Mapping[str, dict[str, Any]]
    outputs: Mapping[str, dict[str, Any]]

    def of_type(self, *types: str) -> dict[str, dict[str, Any]]:
        """Properties of the resources of these types, by logical id."""
        return {name: each.get("Properties", {}) for name, each in self.resources.items() if each["Type"] in types}


def deployed(environment: str, **parameters: str) -> Deployed:
    """A deployment to `dev` or `prod` with these parameters, and the template's own values for the others."""
    return _deployed(tuple(sorted(({"Environment": environment} | parameters).items())))


@cache
def _deployed(parameters: tuple[tuple[str, str], ...]) -> Deployed:
    values = dict(parameters)
    whole = transformed(TEMPLATE, values)
    true = truths(TEMPLATE["Conditions"], values)

    def there(section: str) -> dict[str, dict[str, Any]]:
        return {name: each for name, each in whole[section].items() if true.get(each.get("Condition"), True)}

    return Deployed(there("Resources"), there("Outputs"))


def transformed(template: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template without SAM and with every expression resolved that rests on parameters alone."""
    extended = process_template(template, parameters, PSEUDO)
    validator = sam_template_validator.SamTemplateValidator(
        extended, ManagedPolicyLoader(None), region=REGION, parameter_overrides=parameters
    )
    with patch.object(sam_template_validator, "yaml_dump", json.dumps):  # YAML takes seconds to write and to read
        translated = json.loads(validator.get_translated_template_if_valid())
    result: dict[str, Any] = process_template(translated, parameters, PSEUDO)
    return result


def truths(conditions: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str | None, bool]:
    """Which of these conditions hold with these parameters, and the template's own values for the others."""
    asked = {name: {"Fn::If": [name, True, False]} for name in conditions}
    question = {
        "Parameters": TEMPLATE["Parameters"],
        "Conditions": conditions,
        "Resources": {"Asked": {"Type": "AWS::CloudFormation::WaitConditionHandle", "Metadata": asked}},
    }
    answers: dict[str | None, bool] = process_template(question, parameters, PSEUDO)["Resources"]["Asked"]["Metadata"]
    return answers


def target(reference: Any) -> str:
    """The logical id that a `Ref` or `Fn::GetAtt` refers to."""
    [found] = reference.values()
    return str(found if isinstance(found, str) else found[0])


if __name__ == "__main__":
    of = deployed(sys.argv[1], **OPTIONS)
    print(json.dumps({"Resources": of.resources, "Outputs": of.outputs}, indent=1))
