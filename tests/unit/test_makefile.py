"""The Makefile takes what its help names, and refuses what it would pass over."""

import re
import subprocess

import pytest

from tests.support.cloud import ROOT

TEXT = (ROOT / "Makefile").read_text()
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
DOCUMENTED = sorted(
    {
        (target, name)
        for page in PAGES
        for target, given in re.findall(r"`(?:[^`\n]*&& )?make ([a-z-]+)((?: [A-Z_]+=[^\s`]*)+)", page.read_text())
        for name in re.findall(r"([A-Z_]+)=", given)
    }
)


def dry(*arguments: str) -> tuple[int, str]:
    """Exit code and words of `make`, which does nothing."""
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["close", "DATE=2026-11-22"], "make close takes nothing, not DATE: see make help"),
        (["dlq", "STAGES=settlement"], "make dlq takes FIRST STACK STAGE, not STAGES: see make help"),
        (["settle", "DATE=2026-11-22", "STACK=x"], "make settle takes DATE, not STACK: see make help"),
        (["FILE=orders.json"], "make help takes nothing, not FILE: see make help"),
        (["down", "LOCAL=rm"], "make down takes nothing, not LOCAL: see make help"),
    ],
)
def test_a_variable_that_a_target_does_not_take_is_refused(arguments: list[str], said: str) -> None:
    code, words = dry(*arguments)
    assert code != 0
    assert said in words


@pytest.mark.parametrize("given", [["mutate", "AGAIN=x"], ["reconcile", "REPAIR=0"], ["crash", "ALL=no"]])
def test_what_is_switched_on_is_1(given: list[str]) -> None:
    *arguments, (name, value) = [*given[:-1], given[-1].split("=")]
    code, words = dry(*arguments, f"{name}={value}")
    assert code != 0
    assert f"{name}=1 switches it on; without {name} it is off. It is not {name}={value}" in words
    assert dry(*arguments, f"{name}=1")[0] == 0


def test_every_switch_is_held_to_it() -> None:
    shown = set(re.findall(r"\[([A-Z_]+)=1\]", TEXT))
    [held] = re.findall(r"^SWITCHES := (.*)$", TEXT, re.MULTILINE)
    assert shown == set(held.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["put-back", "FROM=x"], "Say which table: make put-back TABLE=TradesStore"),
        (["put-back", "TABLE=TradesStore"], "Say from which copy: "),
        (["copy-table"], "Say which table: make copy-table TABLE=TradesStore"),
        (["restore"], "Say what: make restore WHAT=statistics"),
    ],
)
def test_what_is_missing_is_asked_for(arguments: list[str], said: str) -> None:
    code, words = dry(*arguments)
    assert code != 0
    assert said in words


@pytest.mark.parametrize("value", ["orders.json", "my orders.json", "a B=c.json", ""])
def test_a_value_may_be_anything(value: str) -> None:
    code, words = dry("order", f"FILE={value}")
    assert (code == 0, f'order "{value}"' in words) == ((True, True) if value else (False, False))


def test_the_interpreter_can_be_chosen_for_every_target() -> None:
    assert dry("status", "PYTHON=python3")[0] == 0


@pytest.mark.parametrize(("target", "name"), DOCUMENTED)
def test_what_the_pages_give_to_a_target_stands_in_its_help(target: str, name: str) -> None:
    [line] = re.findall(rf"^{target}:.*## (.*)$", TEXT, re.MULTILINE)
    assert f"{name}=" in line


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*## ", TEXT, re.MULTILINE))
def test_the_help_names_all_that_a_recipe_uses(target: str) -> None:
    [line, recipe] = re.findall(rf"^{target}:(.*)\n((?:(?:\t|ifdef|else|endif).*\n)*)", TEXT, re.MULTILINE)[0]
    used = set(
        re.findall(
            r"\$\((?:if \$\()?([A-Z_]+)\)", recipe.replace("$(OF_STACK)", "$(STACK)").replace("$(COMPILE)", "$(LOCK)")
        )
    )
    made = set(re.findall(r"^([A-Z_]+) :?\??=", TEXT, re.MULTILINE)) | {"MAKE", "MAKEFILE_LIST", "CURDIR"}
    assert used - made <= set(re.findall(r"([A-Z_]+)=", line))
