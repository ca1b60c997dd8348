"""Whether anything was lost, doubled or left behind: sentences that say what, none where all is
well."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.store.tables import Turn
from soak.house import House
from soak.person import Person
from soak.results import Result, leftovers, result_of
from soak.steps import Done, Engines

_HEARING = re.compile(r"job (\w+): (hearing|heard) window (\d+)")
_TRACE = "Traceback (most recent call last)"
_UNFORESEEN = re.compile(r"failed \(reference (\w+)\)")


@dataclass(frozen=True, slots=True)
class Repeated:
    """Work that was done more than once: windows begun again, windows heard twice, calls to the
    model beyond those of a run that nobody disturbed."""

    windows_begun: int
    windows_heard: int
    calls: int
    calls_needed: int


def judge(person: Person, expected: dict[str, Result], engines: Engines) -> list[str]:
    """Everything that is wrong in the house after the last job has ended."""
    house = person.house
    wrong = []
    for one in person.given:
        result = result_of(house.app, one.meeting)
        fault = result.flaw() or result.difference(expected[one.source.name])
        if fault:
            wrong.append(f"{one.source.name} ({one.meeting.id[:8]}): {fault}")
    wrong += leftovers(house.app)
    wrong += engines.unended()
    wrong += [f"{part} was left" for part in _parts(house)]
    wrong += _damaged(house)
    wrong += [fault for turn in person.turns() if (fault := _turn_flaw(turn, house))]
    wrong += _calls_flaws(house)
    return wrong + _unforeseen(house)


def repeated(house: House, *, needed: int) -> Repeated:
    """What was done again. `needed`: the model calls of a run without harm, questions apart."""
    said = Counter(_HEARING.findall(_logs(house)))
    begun = Counter({key: n for key, n in said.items() if key[1] == "hearing"})
    heard = Counter({key: n for key, n in said.items() if key[1] == "heard"})
    return Repeated(
        windows_begun=begun.total() - len(begun),
        windows_heard=heard.total() - len(heard),
        calls=sum(not is_question(call) for call in calls_of(house)),
        calls_needed=needed,
    )


def windows_said(house: House, word: str) -> list[int]:
    """The windows whose hearing began ("hearing") or ended ("heard"), by the workers' word."""
    return [int(number) for _, said, number in _HEARING.findall(_logs(house)) if said == word]


def calls_of(house: House) -> list[dict[str, Any]]:
    """The calls that the double noted. One that it was killed in is not there."""
    found = []
    for line in house.calls.read_text(encoding="utf-8").splitlines():
        try:
            call = json.loads(line)
        except ValueError:  # cut by the double's own end
            continue
        if call["path"] == "/api/chat" and (call["body"] or {}).get("messages"):
            found.append(call)
    return found


def is_question(call: dict[str, Any]) -> bool:
    """Whether it is the chat's: no schema, and the question between its tags."""
    return "<question>" in call["body"]["messages"][-1]["content"]


def steps_run(steps: list[Done]) -> Counter[str]:
    """How often each step ended."""
    return Counter(step.name for step in steps)


def _turn_flaw(turn: Turn, house: House) -> str | None:
    """An answer is whole or a clear failure."""
    if turn.state == "failed":
        return None if (turn.error or {}).get("code") else f"turn {turn.id} failed and says not why"
    if turn.state != "finished":
        return f"turn {turn.id} is {turn.state}"
    whole = {_bare(call["answer"]) for call in calls_of(house) if call["done_reason"] == "stop"}
    return None if _bare(turn.answer) in whole else f"turn {turn.id} is finished and not whole"


def _bare(answer: str) -> str:
    """Without citations: those of lines that the model was not shown are taken out."""
    return re.sub(r"\s*\[\d+\]", "", answer).strip()


def _calls_flaws(house: House) -> list[str]:
    found = []
    for call in calls_of(house):
        found += [
            f"the double's log: the context {name}"
            for name in ("overflowed", "reloaded")
            if call[name]
        ]
    return found


def _parts(house: House) -> list[Path]:
    return [path for path in house.data.rglob("*") if path.suffix in (".part", ".tmp")]


def _damaged(house: House) -> list[str]:
    found = []
    for path in sorted(house.data.glob("*.sqlite")):
        with sqlite3.connect(path) as connection:
            whole = [row[0] for row in connection.execute("pragma integrity_check")]
            dangling = list(connection.execute("pragma foreign_key_check"))
        connection.close()
        if whole != ["ok"] or dangling:
            found.append(f"{path.name}: {whole[:3]} {dangling[:3]}")
    return found


def _unforeseen(house: House) -> list[str]:
    """Failures for which nobody wrote a sentence."""
    said = _logs(house)
    found = [f"an unforeseen failure: {reference}" for reference in _UNFORESEEN.findall(said)]
    if _TRACE in said:
        at = said.index(_TRACE)
        found.append(f"{said.count(_TRACE)} traces, the first: {said[at : at + 3000]}")
    return found


def _logs(house: House) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(house.folder.glob("*.log"))
    )
