"""How properties are tried: the same examples in every run, 100 of each, or as many as EXAMPLES says."""

import os

from hypothesis import Phase, settings

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
OF_A_MUTANT = [Phase.explicit, Phase.generate]
"""Nobody reads the example that fails for a mutant, and making it small takes minutes."""


def repeat() -> None:
    """Makes this the way for the tests of a folder."""
    phases = OF_A_MUTANT if "MUTANT_UNDER_TEST" in os.environ else list(Phase)
    settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=EXAMPLES, phases=phases)
    settings.load_profile("repeatable")
