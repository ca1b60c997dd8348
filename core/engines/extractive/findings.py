"""Items: topics, decisions, actions, questions and facts, each with its quotation.

A sentence is at most one of them, in the order action, decision, question, fact, except that a
decision which also hands out work is both. `due` stays empty: another module reads dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.minutes import Item, ItemKind
from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled
from core.engines.extractive import decisions_english as english
from core.engines.extractive import decisions_korean as korean
from core.engines.extractive import talk_english, talk_korean
from core.engines.extractive.actions import Task, task_in
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.figures import has_figure
from core.engines.extractive.sentences import Sentence, informative
from core.engines.extractive.summary import importance
from core.engines.extractive.topics import Topic, topics_of
from core.engines.extractive.vectors import Vectors

_DECISION = (english.DECISION, korean.DECISION)
_UNDECIDED = (english.UNDECIDED, korean.UNDECIDED)
_PROPOSAL = (english.PROPOSAL, korean.PROPOSAL)
_ASSENT = (english.ASSENT, korean.ASSENT)
_QUESTION = (talk_english.QUESTION, talk_korean.QUESTION)
_COURTESY = (talk_english.COURTESY_QUESTION, talk_korean.COURTESY_QUESTION)
_CONDUCT = (talk_english.CONDUCT, talk_korean.CONDUCT)
_CHECK_EVERY = 200
_LOOK_BACK = 3
_QUESTIONS = 30
_FACTS = 30


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence and what it was found to be."""

    sentence: Sentence
    kind: ItemKind
    task: Task | None = None
    proposal: Sentence | None = None


def items_of(
    utterances: Sequence[Utterance], sentences: Sequence[Sentence], check: CheckCancelled
) -> tuple[Item, ...]:
    """Topics, decisions, actions, questions and facts; each kind in the order it was said."""
    telling = [sentence for sentence in sentences if informative(sentence)]
    check()
    topics = topics_of(telling, utterances=len(utterances))
    readings = _read(sentences, check)
    readings = _bounded(readings)
    items = [_topic_item(topic, utterances) for topic in topics]
    for kind in (ItemKind.DECISION, ItemKind.ACTION, ItemKind.QUESTION, ItemKind.FACT):
        items.extend(_item(reading) for reading in readings if reading.kind == kind)
    return tuple(_distinct(items))


def decides(sentence: Sentence) -> bool:
    """Whether a sentence decides something, and neither asks, proposes, supposes nor denies it."""
    text = plain(sentence.text)
    if sentence.asks and not _tag_question(text):
        return False
    return _any(_DECISION, text) and not _any(_UNDECIDED, text)


def is_question(sentence: Sentence) -> bool:
    """Whether a sentence asks something that deserves an answer; courtesy does not."""
    text = plain(sentence.text)
    asks = sentence.asks or _any(_QUESTION, text)
    return asks and len(set(sentence.terms)) >= 1 and not _courtesy(text)


def _courtesy(text: str) -> bool:
    return len(text.split()) < 3 and text.isascii() or _any(_COURTESY, text)


def is_fact(sentence: Sentence) -> bool:
    """Whether a sentence states a number, an amount, a share or a date."""
    text = plain(sentence.text)
    if sentence.asks or len(set(sentence.terms)) < 3 or not has_figure(text):
        return False
    return not _any(_CONDUCT + _PROPOSAL + _QUESTION, text)


def _read(sentences: Sequence[Sentence], check: CheckCancelled) -> list[_Reading]:
    speakers = frozenset(
        sentence.utterance.speaker for sentence in sentences if sentence.utterance.speaker
    )
    readings: list[_Reading] = []
    for index, sentence in enumerate(sentences):
        if index % _CHECK_EVERY == 0:
            check()
        readings.extend(
            _readings(sentence, sentences[max(0, index - _LOOK_BACK) : index], speakers)
        )
    return readings


def _readings(
    sentence: Sentence, before: Sequence[Sentence], speakers: frozenset[str]
) -> list[_Reading]:
    text = plain(sentence.text)
    if not any(character.isalnum() for character in text):
        return []
    if _any(_ASSENT, text):
        proposal = next((one for one in reversed(before) if _proposes(one)), None)
        short = proposal is None and not decides(sentence)
        return [] if short else [_Reading(sentence, ItemKind.DECISION, proposal=proposal)]
    found: list[_Reading] = []
    task = task_in(text, speaker=sentence.utterance.speaker, speakers=speakers, asks=sentence.asks)
    if task is not None and not _says_nothing(task, sentence):
        found.append(_Reading(sentence, ItemKind.ACTION, task=task))
    if decides(sentence) and not (task is not None and korean.HANDED_OVER.search(text)):
        found.append(_Reading(sentence, ItemKind.DECISION))
    if found:
        return found
    if is_question(sentence):
        return [_Reading(sentence, ItemKind.QUESTION)]
    return [_Reading(sentence, ItemKind.FACT)] if is_fact(sentence) else []


def _says_nothing(task: Task, sentence: Sentence) -> bool:
    """ "Yes, please": a request to nobody, without a term or a thing."""
    return task.requested and not (task.owner or task.due_text or len(set(sentence.terms)) > 1)


def _proposes(sentence: Sentence) -> bool:
    return len(set(sentence.terms)) >= 2 and _any(_PROPOSAL, plain(sentence.text))


def _tag_question(text: str) -> bool:
    words = text.rstrip(" ?!.").lower().split()
    return bool(words) and words[-1] in talk_english.TAGS and "," in text


def _any(tables: tuple[Cues, ...], text: str) -> bool:
    return any(table.search(text) is not None for table in tables)


def _bounded(readings: Sequence[_Reading]) -> list[_Reading]:
    """All decisions and actions, but of questions and facts the weightiest."""
    kept = set(range(len(readings)))
    for kind, most in ((ItemKind.QUESTION, _QUESTIONS), (ItemKind.FACT, _FACTS)):
        places = [index for index, reading in enumerate(readings) if reading.kind == kind]
        if len(places) > most:
            group = [readings[index].sentence for index in places]
            scores = importance(group, Vectors([sentence.terms for sentence in group]))
            ranked = sorted(range(len(places)), key=lambda index: -scores[index])
            kept -= {places[index] for index in ranked[most:]}
    return [reading for index, reading in enumerate(readings) if index in kept]


def _item(reading: _Reading) -> Item:
    sentence, proposal, task = reading.sentence, reading.proposal, reading.task
    numbers = {sentence.utterance.number}
    if proposal is not None:
        numbers.add(proposal.utterance.number)
    return Item(
        kind=reading.kind,
        text=(proposal or sentence).text,
        utterances=tuple(sorted(numbers)),
        quote=sentence.text,
        owner=task.owner if task else None,
        due_text=task.due_text if task else None,
        start=sentence.utterance.start,
        verified=True,
    )


def _topic_item(topic: Topic, utterances: Sequence[Utterance]) -> Item:
    covered = utterances[topic.first : topic.last + 1]
    return Item(
        kind=ItemKind.TOPIC,
        text=topic.label,
        utterances=tuple(utterance.number for utterance in covered),
        quote=topic.opening.text,
        start=covered[0].start,
        verified=True,
    )


def _distinct(items: Iterable[Item]) -> list[Item]:
    """Without word-for-word repetitions of a kind: a transcriber's loop is said once."""
    seen: set[tuple[ItemKind, str]] = set()
    kept: list[Item] = []
    for item in items:
        key = (item.kind, " ".join(item.text.lower().split()))
        if item.kind == ItemKind.TOPIC or key not in seen:
            seen.add(key)
            kept.append(item)
    return kept
