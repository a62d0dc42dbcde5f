"""Fuzzes one target, guided by what of the code each input reaches: `python -m tests.fuzz.guided TARGET [OPTION]...`

The options are libFuzzer's, which ends this process: with an error as soon as anything but a refusal is raised.
"""

import sys
from random import Random

import atheris

from tests.fuzz.mutations import mutated

WATCHED = ["trading", "app", "accounts", "entry", "orders", "pages", "request", "request_bodies", "statement", "trades"]
"""The modules that are to be reached: the layer's, and those of the functions."""

with atheris.instrument_imports(include=WATCHED):
    from tests.fuzz.targets import TARGETS


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """As a sender might, or as libFuzzer would."""
    random = Random(seed)
    changed: bytes = mutated(data, random) if random.randrange(2) else atheris.Mutate(data, most)
    return changed[:most]


if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name].refuses, custom_mutator=mutate)
    atheris.Fuzz()
