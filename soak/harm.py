"""What is done to the processes, drawn from a seed, and what was at work when it was done.

Most harm is aimed: it waits for a step's checkpoint and strikes within the time that the next step
takes, so that the short steps that keep rows are hit as well. The rest comes at any moment, also
while what was killed before is still starting.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from soak.house import House
from soak.person import Person
from soak.processes import Stuck, is_gone, wait_for
from soak.steps import AtWork, Course, Engines, Place, is_fresh, now

KILLED = ("worker", "machine", "server", "both", "asker")
_SHARES = (
    ("worker", signal.SIGKILL, 50),
    ("server", signal.SIGKILL, 9),
    ("both", signal.SIGKILL, 6),
    ("asker", signal.SIGKILL, 8),
    ("worker", signal.SIGTERM, 8),
    ("server", signal.SIGTERM, 3),
    ("worker", signal.SIGSTOP, 8),
    ("model", signal.SIGKILL, 6),
)
_OF_MACHINES = (("machine", signal.SIGKILL, 4), ("machine", signal.SIGSTOP, 4))
"""A machine that stays away until another one has taken its job over."""
_TAKEN_OVER = 120.0
_AIMED = 0.75
_ASKED = 0.2
_LONGEST_PAUSE = 2.0
_LONGEST_WAIT = 2.0
_SHORT = 0.05
_LONGEST_ANSWER = 1.0
_ANSWERING = 0.7
"""Share of the askers that are killed while the answer comes."""


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that was done to `target`, and the jobs that were at work there."""

    target: str
    number: int
    hit: tuple[AtWork, ...]

    @property
    def is_kill(self) -> bool:
        """Whether a process of the product ended by it."""
        return self.target in KILLED and self.number != signal.SIGSTOP

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.target} {signal.Signals(self.number).name}"


@dataclass
class Breaker:
    """Does harm to a house, `kills` times and some more that kills nothing."""

    house: House
    person: Person
    course: Course
    engines: Engines
    draw: random.Random
    patience: float = 4.0
    """Seconds to wait for a step that is aimed at."""
    wrong: list[str] = field(default_factory=list)
    """What went wrong on the way."""

    def run(self, kills: int) -> Iterator[Harm]:
        """Do it, and tell each harm as it is done."""
        places: list[Place] = []
        done = 0
        while done < kills:
            if not places:
                places = sorted(self.course.follows, key=str)
                self.draw.shuffle(places)
            place = places.pop() if self.draw.random() < _AIMED else None
            harm = self._one(place)
            done += harm.is_kill
            yield harm
            self.house.mend()
            if self.draw.random() < _ASKED:
                self._ask()

    def _one(self, place: Place | None) -> Harm:
        kinds = _SHARES + (_OF_MACHINES if self.house.machines else ())
        names, numbers, shares = zip(*kinds, strict=True)
        at = self.draw.choices(range(len(names)), weights=shares)[0]
        target, number = names[at], numbers[at]
        since = now()
        if target == "asker":
            return Harm(target, number, self._kill_asker())
        if place is None:
            self.person.give_for(self.draw.choice(["transcribe", "correct", "minutes"]))
            time.sleep(self.draw.uniform(0, _LONGEST_WAIT))
        else:
            self.person.give_for(place[0])
            crew = self.house.crew()  # found now: what is aimed at may take some milliseconds
            executor = self._wait_at(place, since=since)
            time.sleep(self.draw.uniform(0, self.course.longest_delay(place)))
            return Harm(target, number, self._strike(target, number, crew.get(executor or "")))
        return Harm(target, number, self._strike(target, number, None))

    def _wait_at(self, place: Place, *, since: float) -> str | None:
        """Wait until some job has just come to that place; not for ever. Answers who runs it."""
        found: list[str] = []
        # A step of milliseconds is over while somebody looks around or sleeps.
        is_short = self.course.longest_delay(place) < _SHORT
        self.person.look()

        def is_there() -> bool:
            if not is_short:
                self.person.look()
            found[:] = [
                one.executor
                for one in self.engines.running()
                if one.place == place and (place[1] is None or is_fresh(one, since=since))
            ]
            return bool(found)

        with suppress(Stuck):
            wait_for(
                is_there, seconds=self.patience, what="the step", every=0 if is_short else 0.002
            )
        return found[0] if found else None

    def _strike(
        self, target: str, number: int, worker: psutil.Process | None
    ) -> tuple[AtWork, ...]:
        if target == "model":
            self.house.model.kill()
            time.sleep(self.draw.uniform(0, 2))
            self.house.start_model()
            return ()
        if target == "server":
            self.house.end_server(number)
            return self._left(None)
        if worker is None or is_gone(worker):
            worker = self._some_worker()
        if target == "machine":
            return self._take_away(worker, number)
        if number == signal.SIGSTOP:
            return self._pause(worker)
        if target == "both":
            self.house.server.signal(signal.SIGKILL)
        self.house.end_worker(worker, number)
        if target == "both":
            self.house.end_server(signal.SIGKILL)
        return self._left(worker)

    def _some_worker(self) -> psutil.Process:
        """A worker that has a job, if one does."""
        crew = self.house.crew()
        busy = sorted({one.executor for one in self.engines.running()} & crew.keys())
        return crew[self.draw.choice(busy or sorted(crew))]

    def _take_away(self, worker: psutil.Process, number: int) -> tuple[AtWork, ...]:
        """A machine dies or sleeps for so long that its jobs go on elsewhere; then it is back."""
        if number == signal.SIGSTOP:
            worker.suspend()
        else:
            self.house.end_worker(worker, number)
        hit = self._left(worker)
        left = {(one.job_id, one.executor) for one in hit}

        def is_taken() -> bool:
            self.person.look()
            return not left & {(one.job_id, one.executor) for one in self.engines.running()}

        try:
            wait_for(is_taken, seconds=_TAKEN_OVER, what="the takeover", every=0.2)
        except Stuck as stuck:
            self.wrong.append(f"{stuck}: {hit}")
        time.sleep(self.draw.uniform(0, _LONGEST_WAIT))
        if number == signal.SIGSTOP:
            worker.resume()
        return hit

    def _pause(self, worker: psutil.Process) -> tuple[AtWork, ...]:
        worker.suspend()
        hit = self._left(worker)
        time.sleep(self.draw.uniform(0.3, _LONGEST_PAUSE))
        worker.resume()
        return hit

    def _left(self, worker: psutil.Process | None) -> tuple[AtWork, ...]:
        """The jobs that were at work there, as the dead leave them."""
        found = self.engines.running()
        if not self.house.machines:
            return tuple(found)
        ours = self.house.executors(worker.pid) if worker else set()
        return tuple(one for one in found if one.executor in ours)

    def _kill_asker(self) -> tuple[AtWork, ...]:
        """Kill whoever asks: after the question is kept, or while the answer comes."""
        asking = self.house.asking
        if asking is not None and asking.is_up:
            asking.kill()
        before = {turn.id for turn in self.person.turns()}
        self.person.ask()
        answering = self.draw.random() < _ANSWERING

        def is_there() -> bool:
            new = [turn for turn in self.person.turns() if turn.id not in before]
            return any(turn.user_message or not answering for turn in new)

        with suppress(Stuck):
            wait_for(is_there, seconds=15, what="a question", every=0.02)
        time.sleep(self.draw.uniform(0, _LONGEST_ANSWER))
        if self.house.asking is not None:
            self.house.asking.kill()
        return ()

    def _ask(self) -> None:
        asking = self.house.asking
        if asking is None or not asking.is_up:
            self.person.ask()
