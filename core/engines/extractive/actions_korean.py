"""Korean tasks: a verb of work with a doer, who is the speaker or somebody named.

Korean leaves out "I", so a promise without a subject is the speaker's; but the chair's moves, what
others are said to do and guesses end like promises too, and are told apart by their own cues.
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.engines.extractive import assignments_korean as korean
from core.engines.extractive import conduct_korean as conduct
from core.engines.extractive.cues import Cues
from core.engines.extractive.task import Task
from core.engines.korean import shared_korean

_FIRST_PERSON = re.compile(r"(?:겠습니다|겠어요|겠음|[가-힣][게께]요?)\W*$")
_PLAN = re.compile(r"기로|예정|계획|거예요|거에요|겁니다|것입니다|거고요|거구요")
_I = re.compile(r"(?:^|[\s,])(?:제가|내가|저희가|제 쪽에서|저희 (?:팀|쪽|부서)(?:이|에서))[\s,]")


def korean_task(
    text: str, *, speaker: str | None, speakers: frozenset[str], due: str | None, asks: bool
) -> Task | None:
    """The task that a plain Korean sentence hands out; None where it hands out none."""
    if conduct.HEARSAY.search(text) or conduct.UNREAL.search(text):
        return None
    if korean.REQUESTED.search(text):
        return _request(text, speakers=speakers, due=due, asks=asks)
    if asks or korean.HYPOTHETICAL.search(text):
        return None
    bound = korean.BOUND.search(text) is not None
    if not bound and not korean.PROMISED.search(text):
        return None
    own = korean.SELF.search(text) is not None
    if not own and conduct.OUTSIDE.search(text):
        return None
    if _idle(text, own=own, due=due):
        return None
    owner = None if own else _owner(korean.SUBJECT, text, speakers)
    if owner is not None:
        return Task(owner, due)
    if conduct.SETTLING.search(text):
        return None
    if own:
        return _own(text, speaker=speaker, due=due, bound=bound)
    return _unowned(text, speaker=speaker, due=due, bound=bound)


def _request(text: str, *, speakers: frozenset[str], due: str | None, asks: bool) -> Task | None:
    if korean.IDLE_REQUEST.search(text) or conduct.HOLLOW_REQUEST.search(text):
        return None
    if conduct.ASKING.search(text) or (asks and not conduct.FAVOUR.search(text)):
        return None
    owner = _owner(korean.ADDRESSED, text, speakers)
    if owner is None and due is None and not korean.WORK.search(text):
        return None
    return Task(owner, due, requested=True)


def _idle(text: str, *, own: bool, due: str | None) -> bool:
    """Whether a promise is about the meeting itself, and not about work after it."""
    binds = due is not None and korean.BINDING.search(due) is not None
    if conduct.CHAIR.search(text):
        return not (binds or (own and due is not None))
    if not korean.IDLE_PROMISE.search(text):
        return False
    if conduct.LEAD_IN.search(text) and not binds:
        return True
    return not (binds or conduct.TOLD.search(text)) or not _FIRST_PERSON.search(text)


def _own(text: str, *, speaker: str | None, due: str | None, bound: bool) -> Task | None:
    """ "제가 …" takes on what follows; "저는 …" may as well tell of oneself."""
    works = due is not None or korean.WORK.search(text) is not None
    if _I.search(text) and not bound:
        return Task(speaker, due)
    return Task(speaker, due) if works else None


def _unowned(text: str, *, speaker: str | None, due: str | None, bound: bool) -> Task | None:
    if korean.THING.search(text):
        return None
    binds = due is not None and korean.BINDING.search(due) is not None
    if bound:
        return Task(None, due) if binds and korean.WORK.search(text) else None
    if korean.PLANNED.search(text) and not korean.WILLING.search(text):
        return Task(None, due) if due is not None and not _PLAN.search(text) else None
    if _PLAN.search(text):
        return None
    if due is not None or korean.WORK.search(text):
        return Task(speaker, due)
    return None


def _owner(cues: Cues, text: str, speakers: frozenset[str]) -> str | None:
    """A person or a team as it was said; a word before a particle alone is no name."""
    for match in cues.all(text):
        name = re.sub(r"\s+", " ", match.group("owner")).strip()
        title = match.groupdict().get("title")
        known = any(name == one or (len(name) > 1 and one.endswith(name)) for one in speakers)
        if name in korean.NOT_NAMES or (title in ("군", "양", "씨") and len(name) < 2):
            continue
        if title in korean.RANKS and not known:
            nameless = korean.NO_NAME.fullmatch(name) or not name
            if nameless and "님" not in match.group():
                continue
            return title if nameless else f"{name} {title}".strip()
        if not name:
            continue
        if title or known or korean.TEAM.fullmatch(name):
            return name
        if korean.FULL_NAME.fullmatch(name) and _is_name(name, text):
            return name
    return None


@lru_cache(maxsize=1_000)
def _is_name(name: str, text: str) -> bool:
    """Whether the analyser reads a word of three syllables as a proper name in its sentence."""
    (found,) = shared_korean().morphemes([text])
    proper = [form for form, tag in found if tag == "NNP"]
    return name in proper or f"{name[0]} {name[1:]}" in " ".join(proper)
