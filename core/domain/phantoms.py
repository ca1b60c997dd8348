"""Which segments a transcriber made up where nobody spoke, each with the reason.

Whisper writes fluent lines for silence, music and noise, and the batched pipeline of faster-whisper
applies none of its own thresholds. So the judge is here, and it is a careful one: what the sound
supports stays, however odd it reads. Hiding is not deleting (see store.meetings).

Measured (silero v6): the mean voice of 226 lines of clean speech is 0.67 to 0.95; of silence,
white, pink and brown noise, tones, chords and hum it is below 0.02. Lines of speech in white or
pink noise as loud as itself have 0.32 and more; of lines that were heard right from 20 dB to -5 dB,
none is hidden. Of the 70 to 171 words that our test model writes over a minute of noise when voice
activity detection lets it pass, all are hidden. Babble is speech: what is written of it stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from core.domain.phantom_lines import is_courtesy, is_credit, plain
from core.domain.speech_evidence import Evidence, Segment
from core.domain.syllables import syllables

NO_SPEECH = "no_speech"
KNOWN_LINE = "known_line"
LOOP = "loop"
REPEATED = "repeated"
TOO_FAST = "too_fast"
TOO_SLOW = "too_slow"
OTHER_SCRIPT = "other_script"
NO_WORDS = "no_words"
BY_HAND = "by_hand"
"""A person said that nobody said it; the others are reasons of `judge`."""
REASONS = (NO_SPEECH, KNOWN_LINE, LOOP, REPEATED, TOO_FAST, TOO_SLOW, OTHER_SCRIPT, NO_WORDS)

_NO_VOICE, _NO_VOICED = 0.15, 0.2
"""Nobody speaks: neither the mean nor (seconds) a single short word among silence says so."""
_WEAK = 0.5
"""Mean voice under which the sound hardly supports a line."""
_SILENCE, _FAINT = -60.0, 0.3
"""Loudness in dB of full scale, above which room noise already is, and the mean voice that speech
has all the same in a recording that is far too quiet."""
_MODEL_NO_SPEECH, _MODEL_UNSURE = 0.6, -1.0
"""OpenAI's own thresholds for a clip without speech (whisper/transcribe.py), taken together."""
_COMPRESSION = 2.4
"""OpenAI's own threshold for a text that only repeats itself."""

_CREDIT_VOICE, _COURTESY_VOICE = 0.6, 0.35
_CREDIT_ALONE, _COURTESY_ALONE = 0.7, 0.5
"""Mean voice under which a known line is doubted: anywhere, and with nobody near it."""
_DOUBTED_CLIP = 0.7
"""The same where the model itself says that its clip holds no speech."""
_ALONE = 10.0
"""Seconds to the next line on both sides, as at the end of a recording that runs on."""

_FASTEST = 14.0
"""Syllables a second. Articulation in Seoul Korean is about 5 to 7 and of fast speakers 9 (Kim
2018, Phonetics and Speech Sciences 10(4)); times of segments are off by _LEEWAY seconds."""
_LEEWAY = 0.5
_FEW_SYLLABLES = 8
"""A rate of fewer syllables says more about the times than about the words."""
_SLOWEST, _LONG, _ONE_WORD = 0.3, 15.0, 3.0
"""Syllables a second over that many seconds, where speech goes on for longer than one word does: a
short word with a pause counted in has not so much voice."""

_LOOP = re.compile(r"(.{1,40}?)\1{4,}")
_LOOP_SHARE = 0.7
_LOOP_RATE = 10.0
_ENDLESS = 20
"""A phrase of two syllables or more so many times in one breath is said by nobody, however it
sounds: models repeat over speech that they do not understand, too."""
_LAUGHTER = re.compile(r"[하호히헤허후흐키크아네예응음ㅋㅎ]+|(ha|he|ho|hee|yes|yeah|no)+")

_RUN, _LONG_RUN = 3, 6
"""The same line so many times in a row: over weak speech, and over any."""
_A_PHRASE = 5
"""Syllables: shorter lines are calls and answers, which people do repeat."""

_LABEL = re.compile(r"\s*(?:[\[(*♪♫（【][^\])*♪♫）】]*[\])*♪♫）】]\s*)+[.!]*\s*")
_OURS = re.compile(r"[A-Za-z\u00c0-\u024f\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f\d]")


def judge(segments: Sequence[Segment]) -> dict[int, str]:
    """The reason (one of REASONS) for each place in `segments` that nobody said. Segments come in
    the order of the recording; those without evidence are believed."""
    ours = 2 * sum(_is_ours(one.text) for one in segments) > len(segments)
    found = {
        place: reason
        for place, segment in enumerate(segments)
        if segment.evidence and (reason := _alone(segment, segment.evidence, ours=ours))
    }
    for place in _repeated(segments):
        found.setdefault(place, REPEATED)
    believed = [
        one
        for place, one in enumerate(segments)
        if place not in found and not (is_credit(one.text) or is_courtesy(one.text))
    ]
    for place, segment in enumerate(segments):
        if place not in found and segment.evidence and _unlikely_here(segment, believed):
            found[place] = KNOWN_LINE
    return found


def _alone(segment: Segment, evidence: Evidence, *, ours: bool) -> str | None:
    """The reason that a segment gives by itself; `ours`: the rest is in Korean or Latin letters."""
    text = segment.text
    if not re.search(r"\w", text) or _LABEL.fullmatch(text):
        return NO_WORDS
    if _without_speech(evidence):
        return NO_SPEECH
    if _is_known(text, evidence):
        return KNOWN_LINE
    if _is_loop(segment, evidence):
        return LOOP
    if ours and evidence.voice < _WEAK and not _is_ours(text):
        return OTHER_SCRIPT
    return _impossible_rate(segment, evidence)


def _is_ours(text: str) -> bool:
    return _OURS.search(text) is not None


def _without_speech(evidence: Evidence) -> bool:
    if evidence.voice < _NO_VOICE and evidence.voiced < _NO_VOICED:
        return True
    if evidence.loudness < _SILENCE and evidence.voice < _FAINT:
        return True
    told = evidence.no_speech > _MODEL_NO_SPEECH and evidence.log_probability < _MODEL_UNSURE
    return told and evidence.voice < _WEAK


def _is_known(text: str, evidence: Evidence) -> bool:
    credit = is_credit(text)
    if not credit and not is_courtesy(text):
        return False
    if evidence.no_speech > _MODEL_NO_SPEECH and evidence.voice < _DOUBTED_CLIP:
        return True
    return evidence.voice < (_CREDIT_VOICE if credit else _COURTESY_VOICE)


def _unlikely_here(segment: Segment, believed: Sequence[Segment]) -> bool:
    """A known line with nobody near it."""
    credit = is_credit(segment.text)
    if not segment.evidence or not (credit or is_courtesy(segment.text)):
        return False
    if segment.evidence.voice >= (_CREDIT_ALONE if credit else _COURTESY_ALONE):
        return False
    return all(
        one.start > segment.end + _ALONE or one.end < segment.start - _ALONE for one in believed
    )


def _is_loop(segment: Segment, evidence: Evidence) -> bool:
    words = plain(segment.text).replace(" ", "")
    found = max(_LOOP.finditer(words), key=lambda one: len(one.group()), default=None)
    if found is None or len(found.group()) < _LOOP_SHARE * len(words):
        return False
    if _LAUGHTER.fullmatch(found.group(1)):
        return _rate(segment) > _FASTEST
    times = len(found.group()) // len(found.group(1))
    if times >= _ENDLESS and evidence.compression > _COMPRESSION:
        return True
    return evidence.voice < _WEAK or _rate(segment) > _LOOP_RATE


def _impossible_rate(segment: Segment, evidence: Evidence) -> str | None:
    said, seconds = syllables(segment.text), segment.end - segment.start
    if said >= _FEW_SYLLABLES and _rate(segment) > _FASTEST:
        return TOO_FAST
    if seconds >= _LONG and said < _SLOWEST * seconds and evidence.voiced > _ONE_WORD:
        return TOO_SLOW
    return None


def _rate(segment: Segment) -> float:
    """Syllables a second, in the segment's favour."""
    return syllables(segment.text) / (max(segment.end - segment.start, 0.0) + _LEEWAY)


def _repeated(segments: Sequence[Segment]) -> list[int]:
    """The places of lines that are said again and again: those over weak speech, and all but the
    first of very many."""
    found: list[int] = []
    for text, places in groupby(range(len(segments)), key=lambda at: plain(segments[at].text)):
        run = list(places)
        if len(run) < _RUN or not text:
            continue
        endless = len(run) >= _LONG_RUN and syllables(text) >= _A_PHRASE
        for at in run:
            evidence = segments[at].evidence
            if evidence and (evidence.voice < _WEAK or (endless and at != run[0])):
                found.append(at)
    return found
