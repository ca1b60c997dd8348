"""One task, one action: a request and its acceptance, a promise and its confirmation, a recap.

Two sentences are the same task when the one who is asked answers soon, or when the same person is
named with mostly the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain.kinds import ItemKind
from core.engines.extractive.dates import due_words
from core.engines.extractive.readings import Reading
from core.engines.extractive.sentences import Sentence
from core.engines.extractive.task import Task, full_name

_ANSWERS_WITHIN = 3
_LOOK_BACK = 40
_ASSENT = re.compile(
    r"(?i)^\W*(?:(?:oh|ah|well|um|아|음)\W+)?(?:yes|yeah|yep|yup|sure|ok(?:ay)?|will do|absolutely"
    r"|of course|no problem|happy to|got it|right|consider it done|on it|can do|sounds good|good"
    r"|fine|great|certainly|definitely|gladly|no worries|my pleasure"
    r"|네|넵|넹|예|응|알겠|그럼요|물론|좋습니다|좋아요|그렇게 하|그러겠|그럴게|제가)(?![a-z])"
)
_MORE = re.compile(
    r"(?i)^\W*(?:(?:네|예|yes|ok(?:ay)?|sure)\W+)?(?:그리고|추가로|별도로|또|and also|also)\b"
)
_PRONOUN = re.compile(
    r"(?i)^\W*(?:(?:네|예|그럼|좋아요|좋습니다|ok(?:ay)?|yes|great|good|then|so)\W+)*(?:그건"
    r"|그거|그것"
    r"|이건|그 건|그 부분)|\b(?:do|handle|take|finish|have) (?:that|it|this)\b"
)
_BINDS = re.compile(r"(?i)까지|안에|전에|내로|이내|\b(?:by|until|till|before|no later)\b")


def one_action_a_task(
    readings: Sequence[Reading], sentences: Sequence[Sentence], speakers: frozenset[str]
) -> list[Reading]:
    """The readings with every task said once, owned by the speaker's full name."""
    kept: list[Reading] = []
    actions: list[int] = []
    for reading in readings:
        reading = _named(reading, speakers)
        if reading.kind != ItemKind.ACTION:
            kept.append(reading)
            continue
        for at in reversed(actions[-_LOOK_BACK:]):
            joined = _join(kept[at], reading)
            if joined is not None:
                kept[at] = joined
                break
        else:
            actions.append(len(kept))
            kept.append(reading)
    answers = {s.place: s for s in reversed(sentences)}
    for at in actions:
        kept[at] = _answered(kept[at], answers)
    return kept


def _named(reading: Reading, speakers: frozenset[str]) -> Reading:
    if reading.task is None:
        return reading
    owner = full_name(reading.task.owner, speakers)
    return replace(reading, task=replace(reading.task, owner=owner))


def _join(one: Reading, other: Reading) -> Reading | None:
    """The earlier action with the later one in it; None where they are two tasks."""
    first, second = one.task, other.task
    if first is None or second is None:
        return None
    if _accepts(one, other):
        due = _agreed_due(first.due_text, second.due_text)
    elif _hands_back(one, other):
        due = second.due_text or first.due_text
    elif _same_breath(one, other) or _says_again(one, other):
        due = _agreed_due(first.due_text, second.due_text)
    else:
        return None
    owner = first.owner or second.owner
    return one.joined(other.sentence, *other.also, task=Task(owner, due, requested=False))


def _handed(reading: Reading) -> bool:
    """Whether somebody else is to do it."""
    task = reading.task
    return task is not None and (task.requested or task.owner != reading.speaker)


def _own(reading: Reading) -> bool:
    task = reading.task
    return task is not None and task.owner is not None and task.owner == reading.speaker


def _accepts(one: Reading, other: Reading) -> bool:
    """Whether `other` is the answer of the person whom `one` asks."""
    if not _handed(one) or not _own(other) or one.speaker == other.speaker:
        return False
    apart = other.place - one.place
    if not 0 < apart <= _ANSWERS_WITHIN or one.also or _MORE.search(other.sentence.text):
        return False
    assents = _ASSENT.search(other.sentence.utterance.text) is not None
    shares = bool(_terms(one) & _terms(other))
    if one.task is not None and one.task.owner is None:
        return apart == 1 and (assents or shares)
    if one.task is None or one.task.owner != other.speaker:
        return False
    return assents or shares or apart == 1


def _hands_back(one: Reading, other: Reading) -> bool:
    """ "Yes, do that on Monday, Tom", right after Tom's promise."""
    if not _own(one) or not _handed(other) or not 0 < other.place - one.place <= 2:
        return False
    named = other.task is not None and other.task.owner == one.speaker
    return named and _PRONOUN.search(other.sentence.text) is not None


def _same_breath(one: Reading, other: Reading) -> bool:
    """The accepting person goes on about the same term."""
    if not one.also or one.also[-1].place != other.place or not _own(other):
        return False
    first, second = one.task, other.task
    if first is None or second is None or not first.due_text or not second.due_text:
        return False
    if first.owner != second.owner:
        return False
    days = set(re.findall(r"\d+", second.due_text))
    return bool(days) and days <= set(re.findall(r"\d+", first.due_text))


def _says_again(one: Reading, other: Reading) -> bool:
    """The same doer and mostly the same words, as in the chair's recap."""
    first, second = one.task, other.task
    if first is None or second is None or first.owner is None or first.owner != second.owner:
        return False
    mine, yours = _terms(one), _terms(other)
    least = min(len(mine), len(yours))
    return least >= 3 and len(mine & yours) / least >= 0.75 and _figures(mine) == _figures(yours)


def _figures(terms: set[str]) -> set[str]:
    return {term for term in terms if term[:1].isdigit()}


def _answered(reading: Reading, answers: dict[int, Sentence]) -> Reading:
    """With the short answer of the person who was asked ("Will do, tomorrow morning.")."""
    task = reading.task
    if task is None or task.owner is None or reading.also or not _handed(reading):
        return reading
    answer = answers.get(reading.place + 1)
    if answer is None or answer.utterance.speaker != task.owner:
        return reading
    if answer.asks or not _ASSENT.search(answer.text):
        return reading
    due = due_words(answer.text) if len(answer.text.split()) <= 8 else None
    due = _agreed_due(task.due_text, due)
    return reading.joined(answer, task=Task(task.owner, due, requested=False))


def _agreed_due(asked: str | None, promised: str | None) -> str | None:
    """The term that holds: the promised one, unless it is vaguer than the one asked for."""
    if asked is None or promised is None:
        return asked or promised
    said, days = set(re.findall(r"\d+|[a-z]+", asked)), set(re.findall(r"\d+|[a-z]+", promised))
    if (days and days <= said) or re.sub(r"\W", "", promised) in re.sub(r"\W", "", asked):
        return asked
    return asked if _BINDS.search(asked) and not _BINDS.search(promised) else promised


def _terms(reading: Reading) -> set[str]:
    owner = reading.task.owner if reading.task else None
    return {t for t in reading.sentence.terms if not owner or t.lower() not in owner.lower()}
