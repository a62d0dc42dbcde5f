"""Tries points: a scenario is run, and at each call that is to fail the process is forked: the copy goes on with the
failure, the original without it. So what came before a point is run once for all that may happen at it.
"""

import gc
import json
import os
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from random import Random

import boto3

from tests.crash import invariants
from tests.crash.crash_world import CrashWorld, Point, nothing
from tests.crash.failures import Failure, failures_of
from tests.crash.scenarios import Scenario
from tests.crash.story import HOURS_LATER, OTHER_OUTCOME, REDELIVERIES, TWICE, Story
from tests.support.new_world import world_of

TOLD = 8
"""So many broken promises are told of a case, each so long:"""
LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried: this failure at this point of the scenario, and how what failed comes again."""

    scenario: str
    point: Point
    failure: Failure
    redelivery: str

    def __str__(self) -> str:
        return f"{self.scenario}/{self.point.number}/{self.failure}/{self.redelivery}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run: `outcome` and `broken` as in `invariants`, the orders' ids, the names of the filled ones, how
    much there was.
    """

    broken: list[str]
    outcome: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    filled: frozenset[str] = frozenset()
    orders: int = 0
    again: int = 0
    lost: int = 0
    doubled: int = 0
    unknowable: int = 0
    cents: int = 0


class Explorer:
    """Tries cases of one scenario. `outcome` is what it leads to if nothing fails, `points` are all that it has."""

    def __init__(self, session: boto3.Session, scenario: Scenario) -> None:
        self._session = session
        self._scenario = scenario
        self._story: Story | None = None
        self._twice = False
        self._copies: _Copies | None = None
        self.points: list[Point] = []
        undisturbed = self._run(self._record)
        lacking = scenario.filled - undisturbed.filled
        undisturbed.broken.extend(f"{name} is not filled" for name in sorted(lacking))
        if undisturbed.broken:
            raise AssertionError(f"{scenario.name} without any failure: {undisturbed.broken}")
        self.outcome, self.ids = undisturbed.outcome, undisturbed.ids

    def cases(self) -> Iterator[Case]:
        """All there are."""
        for point in self.points:
            for failure in failures_of(point.operation, starting=point.starting):
                for redelivery in REDELIVERIES:
                    yield Case(self._scenario.name, point, failure, redelivery)

    def sample(self, seed: int, size: int) -> list[Case]:
        """So many of all cases: of each stage's operations and failures one, then a second, and so on."""
        cases = list(self.cases())
        Random(seed).shuffle(cases)
        seen: Counter[tuple[str, ...]] = Counter()
        ranks: dict[Case, int] = {}
        for case in cases:
            kind = (case.point.stage, case.point.operation, case.failure)
            ranks[case] = seen[kind]
            seen[kind] += 1
        return sorted(cases, key=ranks.__getitem__)[:size]

    def each(self, seed: int) -> list[Case]:
        """Each failure at each point, with one of the redeliveries."""
        chance = Random(seed)
        names = list(REDELIVERIES)
        kinds = {(case.point, case.failure): case for case in self.cases()}
        return [Case(case.scenario, case.point, case.failure, chance.choice(names)) for case in kinds.values()]

    def alone(self, case: Case) -> Result:
        """Tries one case in this process."""

        def strike(point: Point) -> Failure | None:
            return self._strike(case) if point == case.point else None

        return self._checked(case, self._run(strike))

    def together(self, cases: Iterable[Case], jobs: int) -> Iterator[tuple[Case, Result]]:
        """Tries cases in copies of this process, so many at once."""
        at: dict[int, list[Case]] = defaultdict(list)
        for case in cases:
            at[case.point.number].append(case)
        copies = self._copies = _Copies(jobs)

        def strike(point: Point) -> Failure | None:
            for case in at.get(point.number, []):
                if case.point != point:
                    raise AssertionError(f"{case} is at {point}: the scenario is not the same every time")
                if copies.fork(case):
                    return self._strike(case)
            return None

        result = self._run(strike)
        if copies.own:
            copies.leave(self._checked(copies.own, result))
        if result.broken:
            raise AssertionError(f"{self._scenario.name} does not go the same way twice: {result.broken}")
        yield from copies.results()

    def _record(self, point: Point) -> None:
        self.points.append(point)

    def _strike(self, case: Case) -> Failure:
        assert self._story
        self._story.world.struck = nothing
        self._twice = case.redelivery == TWICE
        self._story.redelivery = REDELIVERIES[case.redelivery]
        return case.failure

    def _checked(self, case: Case, result: Result) -> Result:
        if self._as_without(case, result) and result.outcome != self.outcome:
            missing = [each for each in self.outcome if each not in result.outcome]
            new = [each for each in result.outcome if each not in self.outcome]
            result.broken.extend(f"without the failure there is {each}" for each in missing)
            result.broken.extend(f"with it there is {each}" for each in new)
        told = [each[:LENGTH] for each in result.broken[:TOLD]]
        return Result(**{**asdict(result), "broken": told, "outcome": [], "ids": [], "filled": []})

    def _as_without(self, case: Case, result: Result) -> bool:
        """Whether the outcome is to be that of the run without a failure. It is another if a request was decided at
        another time or by other parameters, or if an order has another id, from which draws follow.
        """
        comes_later = case.failure is Failure.OVERTAKEN or case.redelivery in OTHER_OUTCOME
        by_clock = self._scenario.by_clock and case.redelivery == HOURS_LATER
        return not comes_later and not by_clock and result.ids == self.ids

    def _run(self, struck: Callable[[Point], Failure | None]) -> Result:
        try:
            with world_of(CrashWorld, self._session, **self._scenario.parameters) as world:
                world.struck = struck
                self._story = Story(world)
                self._scenario.play(self._story)
                self._story.finish()
                world.struck = nothing
                if self._copies and not self._copies.own:
                    return Result([])
                return evaluated(self._story, twice=self._twice)
        except Exception as error:  # noqa: BLE001 # whatever it is, it is what came of the case
            return Result(["".join(traceback.format_exception(error, limit=-4, chain=False))])


def evaluated(story: Story, *, twice: bool) -> Result:
    """The run's result; `twice`: after everything was delivered once more, which changes nothing but that what ends
    old sessions is in the journals again.
    """
    found, outcome = invariants.broken(story), invariants.outcome(story)
    if twice:
        before = story.world.items(), story.world.archived()
        story.deliver_all_again()
        found += invariants.journals(story)
        for was, now in zip(before, (story.world.items(), story.world.archived()), strict=True):
            found += [f"delivered again, all of it, there is {each}" for each in now if each not in was]
            found += [f"delivered again, all of it, there is no more {each}" for each in was if each not in now]
    ids = [item["orderId"] for item in story.world.items(sk="ORDER#")]
    filled = frozenset(invariants.filled(story))
    return Result(found, outcome, ids, filled, again=story.again, **asdict(invariants.tally(story)))


class _Copies:
    """Copies of this process, each at one case. `own` is the case that this very process is a copy for."""

    def __init__(self, jobs: int) -> None:
        self.own: Case | None = None
        self._jobs = jobs
        self._pipes: dict[int, tuple[Case, int]] = {}
        self._done: list[tuple[Case, Result]] = []
        self._out = -1

    def fork(self, case: Case) -> bool:
        """True in the copy."""
        if self.own:
            return False
        if len(self._pipes) == self._jobs:
            self._wait()
        come, go = os.pipe()
        gc.freeze()  # what is there now is not looked at again: it stays shared with the copy
        process = os.fork()
        if process:
            os.close(go)
            self._pipes[process] = case, come
            return False
        os.close(come)
        gc.disable()
        self.own, self._out = case, go
        return True

    def leave(self, result: Result) -> None:
        """Ends this copy with its result. What it writes fits into the pipe."""
        with os.fdopen(self._out, "w") as out:
            json.dump(asdict(result), out)
        os._exit(0)

    def results(self) -> Sequence[tuple[Case, Result]]:
        while self._pipes:
            self._wait()
        return self._done

    def _wait(self) -> None:
        process, _ = os.wait()
        case, come = self._pipes.pop(process)
        with os.fdopen(come) as told:
            text = told.read()
        result = Result(**json.loads(text)) if text else Result(["the process ended and said nothing"])
        self._done.append((case, result))
