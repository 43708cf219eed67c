"""
The routing policy: `config/policy.yaml` -> Policy.

    source      YAML, its traps taken out -> document: values, where each stands, what is wrong
    grammar     what may stand where: sections made of the classes that they configure; schema, for editors
    sheets      what a policy names: rubrics and prices, in files or in the policy itself (sheet_sections)
    check       the checked policy as plain JSON, or every mistake, a line each: in the grammar (mistakes),
                in a rule (rules, conditions) and across rules (look, reach, models)
    build       the checked policy -> the Policy that the router walks (model)
    words       what each rule will do, in words
    whole       the policy with what it names as one text, for a place that holds one object (place, s3)
    watch       a policy in S3: looked at once a minute, taken when it checks out

A packaged function finds its policy already checked (`compiled`) and loads `build` and `model` only.
"""

from router.policy.load import DEFAULT_POLICY, load_policy
from router.policy.model import Policy, Rule

__all__ = ["DEFAULT_POLICY", "Policy", "Rule", "load_policy"]
