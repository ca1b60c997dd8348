"""The figures of a soak, as tables."""

from __future__ import annotations

from collections import Counter, defaultdict

from soak.harm import Harm
from soak.soaking import Outcome
from soak.steps import AtWork, Done

_IDLE = "nothing at work"


def hits(harms: list[Harm], steps: list[Done]) -> Counter[tuple[str, str]]:
    """How often each harm hit each step: the one that the job ended next, after the checkpoints it
    had then."""
    by_job: defaultdict[str, list[Done]] = defaultdict(list)
    for step in steps:
        by_job[step.job_id].append(step)
    counted: Counter[tuple[str, str]] = Counter()
    for harm in harms:
        names = {_step_of(one, by_job[one.job_id]) for one in harm.hit} or {_IDLE}
        for name in names:
            counted[harm.name, name] += 1
    return counted


def as_table(harms: list[Harm], steps: list[Done]) -> str:
    """Harm by target and step."""
    counted = hits(harms, steps)
    kinds = sorted({harm.name for harm in harms})
    names = sorted({step for _, step in counted})
    width = max(len(name) for name in [*names, "step"])
    lines = [f"{'step':{width}}  " + "  ".join(kinds)]
    for name in names:
        cells = [f"{counted[kind, name] or '':>{len(kind)}}" for kind in kinds]
        lines.append(f"{name:{width}}  " + "  ".join(cells))
    return "\n".join(lines)


def as_text(outcome: Outcome) -> str:
    """All of it."""
    again = outcome.repeated
    kills = sum(harm.is_kill for harm in outcome.harms)
    targets = Counter(harm.name for harm in outcome.harms)
    lines = [
        as_table(outcome.harms, outcome.steps),
        "",
        f"{kills} kills and {len(outcome.harms) - kills} other harms in {outcome.seconds:.0f} s: "
        + ", ".join(f"{name} {count}" for name, count in sorted(targets.items())),
        f"{outcome.meetings} meetings, {len({s.job_id for s in outcome.steps})} jobs, "
        f"{len(outcome.steps)} steps; {outcome.questions} questions: {outcome.answered}",
        f"done again: {again.windows_begun} windows begun, {again.windows_heard} heard; "
        f"calls to the model {again.calls} where {again.calls_needed} were needed",
        f"Retry was pressed for: {outcome.retried or 'nothing'}",
        f"slowest end after SIGTERM: {outcome.slowest_end:.2f} s",
    ]
    return "\n".join(lines)


def _step_of(one: AtWork, steps: list[Done]) -> str:
    later = [step for step in steps if step.number > one.number]
    return later[0].name if later else f"{one.stage}: its end"
