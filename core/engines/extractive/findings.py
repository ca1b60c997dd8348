"""Items: topics, decisions, actions, questions and facts, each with its quotation.

A sentence is at most one of them, in the order action, decision, question, fact, except that a
decision which also hands out work is both. `due` stays empty: another module reads dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Utterance
from core.engines.base import CheckCancelled
from core.engines.extractive import conduct_korean, talk_english, talk_korean
from core.engines.extractive import decisions_english as english
from core.engines.extractive import decisions_korean as korean
from core.engines.extractive.actions import task_in
from core.engines.extractive.agreements import one_action_a_task
from core.engines.extractive.confirmations import bare, each_decision_once
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.facts import corrects, telling_facts
from core.engines.extractive.figures import has_figure
from core.engines.extractive.open_questions import Answers, stays_open
from core.engines.extractive.readings import Reading
from core.engines.extractive.sentences import Sentence, informative
from core.engines.extractive.summary import importance
from core.engines.extractive.task import Task
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
_QUESTIONS = 10


def items_of(
    utterances: Sequence[Utterance], sentences: Sequence[Sentence], check: CheckCancelled
) -> tuple[Item, ...]:
    """Topics, decisions, actions, questions and facts; each kind in the order it was said."""
    telling = [sentence for sentence in sentences if informative(sentence)]
    check()
    topics = topics_of(telling, utterances=len(utterances))
    speakers = frozenset(spoken.speaker for spoken in utterances if spoken.speaker)
    readings = _read(sentences, speakers, check)
    readings = each_decision_once(readings, sentences)
    readings = one_action_a_task(readings, sentences, speakers)
    check()
    readings = _without_answered(readings, sentences)
    readings = _bounded(readings, sentences)
    items = [_topic_item(topic, utterances) for topic in topics]
    for kind in (ItemKind.DECISION, ItemKind.ACTION, ItemKind.QUESTION, ItemKind.FACT):
        items.extend(reading.as_item() for reading in readings if reading.kind == kind)
    return tuple(_distinct(items))


def decides(sentence: Sentence) -> bool:
    """Whether a sentence decides something, and neither asks, proposes, supposes nor denies it."""
    text = plain(sentence.text)
    if sentence.asks and not _tag_question(text):
        return False
    if conduct_korean.OUTSIDE.search(text) and korean.HANDED_OVER.search(text):
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
    if sentence.asks or not has_figure(text):
        return False
    if len(set(sentence.terms)) < 3 and not corrects(sentence):
        return False
    return not _any(_CONDUCT + _PROPOSAL + _QUESTION, text)


def _read(
    sentences: Sequence[Sentence], speakers: frozenset[str], check: CheckCancelled
) -> list[Reading]:
    readings: list[Reading] = []
    for index in range(len(sentences)):
        if index % _CHECK_EVERY == 0:
            check()
        readings.extend(
            _readings(index, sentences[max(0, index - _LOOK_BACK) : index + 1], speakers)
        )
    return readings


def _readings(index: int, heard: Sequence[Sentence], speakers: frozenset[str]) -> list[Reading]:
    """What the last sentence of `heard` is; the others were said just before it."""
    *before, sentence = heard
    text = plain(sentence.text)
    if not any(character.isalnum() for character in text):
        return []
    if _any(_ASSENT, text) or bare(sentence):
        proposal = next((one for one in reversed(before) if _proposes(one)), None)
        return [Reading(index, sentence, ItemKind.DECISION, proposal=proposal, bare=True)]
    found: list[Reading] = []
    task = task_in(text, speaker=sentence.utterance.speaker, speakers=speakers, asks=sentence.asks)
    if task is not None and not _says_nothing(task, sentence):
        found.append(Reading(index, sentence, ItemKind.ACTION, task=task))
    if decides(sentence) and not (task is not None and korean.HANDED_OVER.search(text)):
        found.append(Reading(index, sentence, ItemKind.DECISION))
    if found:
        return found
    if is_question(sentence):
        return [Reading(index, sentence, ItemKind.QUESTION)]
    return [Reading(index, sentence, ItemKind.FACT)] if is_fact(sentence) else []


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


def _without_answered(readings: Sequence[Reading], sentences: Sequence[Sentence]) -> list[Reading]:
    answers = Answers.of(sentences)
    return [
        reading
        for reading in readings
        if reading.kind != ItemKind.QUESTION or stays_open(reading, answers)
    ]


def _bounded(readings: Sequence[Reading], sentences: Sequence[Sentence]) -> list[Reading]:
    """All decisions and actions, but of questions and facts the weightiest."""
    facts = [reading for reading in readings if reading.kind == ItemKind.FACT]
    told = telling_facts([reading.sentence for reading in facts], sentences)
    questions = [reading for reading in readings if reading.kind == ItemKind.QUESTION]
    if len(questions) > _QUESTIONS:
        group = [reading.sentence for reading in questions]
        scores = importance(group, Vectors([sentence.terms for sentence in group]))
        ranked = sorted(range(len(group)), key=lambda index: -scores[index])
        questions = [questions[index] for index in ranked[:_QUESTIONS]]
    kept = {reading.index for reading in questions} | {facts[at].index for at in told}
    weighed = (ItemKind.QUESTION, ItemKind.FACT)
    return [one for one in readings if one.kind not in weighed or one.index in kept]


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
