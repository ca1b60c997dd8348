"""One soak: a run that nobody disturbs, then one that is, held against each other."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.store.machine_rows import Calibration
from soak.harm import Breaker, Harm
from soak.house import House
from soak.inputs import Input, make_inputs
from soak.judging import Repeated, calls_of, judge, repeated
from soak.person import Person
from soak.processes import ENGINE, Stuck, wait_for
from soak.results import Result, calibrations, carry, result_of
from soak.steps import Course, Done, Engines

_END = 900.0
_MOST_ROUNDS = 6
_RATIO = 0.968
"""Where the double's counts of the app's own prompts settle: then one round is enough."""


@dataclass(frozen=True)
class Unbroken:
    """A run without harm: what came of each input, how the jobs went, calls to the model each."""

    results: dict[str, Result]
    course: Course
    calls: dict[str, int]
    calibrations: list  # type: ignore[type-arg]


@dataclass
class Outcome:
    """What a soak found. `wrong` is empty where nothing was lost, doubled or left."""

    harms: list[Harm]
    steps: list[Done]
    wrong: list[str]
    repeated: Repeated
    retried: dict[str, int]
    meetings: int
    questions: int
    answered: dict[str, int]
    slowest_end: float
    seconds: float


def undisturbed(house: House, inputs: list[Input]) -> Unbroken:
    """Each input once, after the model's way of counting has settled: how a meeting is cut into
    parts follows from it."""
    house.open()
    with closing(house):
        carry([Calibration(model=ENGINE, ratio=_RATIO, samples=100)], to=house.app)
        person = Person(house, inputs, random.Random(0))
        before: list[float] = []
        for _ in range(_MOST_ROUNDS):
            if before and before == [one.ratio for one in calibrations(house.app)]:
                break
            before = [one.ratio for one in calibrations(house.app)]
            person.given.clear()
            calls = {one.name: _calls_for(person, one) for one in inputs}
        else:
            raise Stuck("the model's way of counting did not settle")
        engines = Engines.of(house.app.settings)
        with closing(engines):
            results = {one.source.name: result_of(house.app, one.meeting) for one in person.given}
            wrong = judge(person, results, engines)
            if wrong:
                raise Stuck("without harm: " + "\n".join(wrong))
            course = Course.of(engines.steps())
        return Unbroken(results, course, calls, calibrations(house.app))


def _calls_for(person: Person, source: Input) -> int:
    """Give it, wait for its end; returns the calls to the model that it took."""
    before = len(calls_of(person.house))
    person.give(source)
    wait_for(person.look, seconds=_END, what="the end of a run without harm", every=0.1)
    return len(calls_of(person.house)) - before


def disturbed(
    house: House,
    inputs: list[Input],
    unbroken: Unbroken,
    *,
    kills: int,
    seed: int,
    patience: float = 4.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """The same under `kills` kills, drawn from `seed`; then everything is waited for and judged."""
    begun = time.monotonic()
    draw = random.Random(seed)
    house.open()
    with closing(house):
        carry(unbroken.calibrations, to=house.app)
        person = Person(house, inputs, draw)
        engines = Engines.of(house.app.settings)
        with closing(engines):
            breaker = Breaker(house, person, unbroken.course, engines, draw, patience)
            for one in inputs:
                person.give(one)
            harms: list[Harm] = []
            for harm in breaker.run(kills):
                harms.append(harm)
                killed = sum(one.is_kill for one in harms)
                tell(f"{time.monotonic() - begun:6.1f} s  {killed}/{kills}  {harm.name}")
            tell("waiting for the end of all work …")
            wait_for(person.look, seconds=_END, what="the end of all work", every=0.2)
            _ask_last(house, person)
            needed = sum(unbroken.calls[one.source.name] for one in person.given)
            turns = person.turns()
            return Outcome(
                harms=harms,
                steps=engines.steps(),
                wrong=breaker.wrong + judge(person, unbroken.results, engines),
                repeated=repeated(house, needed=needed),
                retried=dict(person.retried),
                meetings=len(person.given),
                questions=len(turns),
                answered=dict(Counter(turn.state for turn in turns)),
                slowest_end=house.slowest_end,
                seconds=time.monotonic() - begun,
            )


def soak(
    folder: Path,
    *,
    kills: int,
    seed: int,
    minutes: float,
    patience: float = 4.0,
    house: Callable[[Path], House] = House,
    tell: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Both runs, in houses under `folder`; recordings are about `minutes` long, and a step that is
    aimed at is waited for `patience` seconds."""
    inputs = make_inputs(folder / "inputs", minutes=minutes)
    tell("a run without harm …")
    unbroken = undisturbed(house(folder / "unbroken"), inputs)
    tell("the same under harm …")
    return disturbed(
        house(folder / "broken"),
        inputs,
        unbroken,
        kills=kills,
        seed=seed,
        patience=patience,
        tell=tell,
    )


def _ask_last(house: House, person: Person) -> None:
    """A last question that nobody disturbs: it finds the model free, whoever died before it."""
    asking = house.asking
    if asking is not None and asking.is_up:
        asking.wait(60)
    person.ask()
    asking = house.asking
    assert asking is not None
    asking.wait(60)
    if asking.process is None or asking.process.returncode != 0:
        raise Stuck(f"the last question was not answered: {asking.told()}")
