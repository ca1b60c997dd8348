"""SubRip and WebVTT. Read by our own code: pysubs2 1.8 drops a line of digits ("2026"), turns
00:99:99 into a time and loses WebVTT's voices, and every word here has to survive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.engines.readers.labels import speakers_among, split_label
from core.engines.readers.timing import Cue, parse_clock

_TIMING = re.compile(
    r"\s*(?P<start>-?[\d:.,]{0,20})\s*-{1,2}>\s*(?P<end>-?[\d:.,]{0,20})(?P<rest>(?:\s.*)?)$"
)
_PART = r"[\w?*-]{1,4}(?::[\w?*-]{1,4}){1,2}[:.,;]?[\w?*-]{0,9}"
_UNREADABLE = re.compile(rf"\s*(?P<start>{_PART})\s*-{{1,2}}>\s*(?P<end>{_PART})(?P<rest>)\s*")
_SETTINGS = re.compile(r"(?:\s+[A-Za-z][\w-]*:[-\w.,%]+)*\s*")
_VTT_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VTT_HEAD = re.compile(r"WEBVTT(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+([^<>]{1,200})>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|font|ruby|rt|lang|span|p|br)(?:\.[^\s<>]{0,200})?(?:\s[^<>]{0,300})?/?>"
    r"|<\d{1,4}:\d\d(?::\d\d)?[.,]\d{1,3}>|\{\\[^{}]{0,100}\}",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(amp|lt|gt|nbsp|quot|apos|#39|lrm|rlm);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "quot": '"', "lrm": "", "rlm": ""}


def read_srt(text: str) -> list[Cue]:
    """The cues of a SubRip file; words before the first time are kept without one."""
    lines = text.split("\n")
    marks = _timing_lines(lines)
    cues = []
    for start, lines_of_cue in _cut(lines, marks, webvtt=False):
        cues.append(_cue(start, [_plain(line) for line in lines_of_cue]))
    return _with_speakers(cues)


def read_vtt(text: str) -> list[Cue]:
    """The cues of a WebVTT file; a cue with several voices gives an utterance each."""
    lines = _spoken_part(text.lstrip().split("\n"))
    cues = []
    for start, lines_of_cue in _cut(lines, _timing_lines(lines), webvtt=True):
        for speaker, words in _voices("\n".join(lines_of_cue)):
            cues.append(replace(_cue(start, [_plain(words)]), speaker=speaker))
    return cues if any(cue.speaker for cue in cues) else _with_speakers(cues)


def is_vtt(text: str) -> bool:
    """Does the text begin as WebVTT must?"""
    return _VTT_HEAD.match(text.lstrip()) is not None


def has_cues(text: str, *, broken: bool = False) -> bool:
    """Is there a line of two clocks and an arrow? `broken`: do clocks count that show no time?"""
    return any(
        match["start"] and match["end"] and (broken or parse_clock(match["end"]) is not None)
        for match in map(_timing, text.split("\n"))
        if match
    )


def _timing(line: str) -> re.Match[str] | None:
    if "->" not in line[:60]:
        return None
    match = _TIMING.match(line)
    if match and (match["start"] + match["end"]).strip("-.,"):
        return match
    match = _UNREADABLE.fullmatch(line)
    return match if match and _is_broken_clock(match["start"] + match["end"]) else None


def _is_broken_clock(text: str) -> bool:
    """Are these two clocks with slips in them ("00:O0:05,000", "NaN:NaN:NaN")? Mostly digits, or
    what programs write for no number; anything else was said."""
    letters = re.sub(r"[^\w?*]|NaN|undefined", "", text)
    if text.count(":") < 3:
        return False
    return not letters or sum(one.isdigit() for one in letters) * 2 > len(letters)


def _timing_lines(lines: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    found = ((place, _timing(line)) for place, line in enumerate(lines))
    return [(place, match) for place, match in found if match]


def _cut(
    lines: Sequence[str], marks: Sequence[tuple[int, re.Match[str]]], *, webvtt: bool
) -> Iterator[tuple[re.Match[str] | None, list[str]]]:
    """Each timing line with its lines of words, the next cue's number or name left out."""
    numbered = webvtt or bool(marks and marks[0][0] and lines[marks[0][0] - 1].strip().isdigit())
    places = [place for place, _ in marks] + [len(lines)]
    before = _without_identifier(lines, 0, places[0], numbered=numbered, webvtt=webvtt)
    if any(line.strip() for line in before):
        yield None, before
    for (place, match), following in zip(marks, places[1:], strict=True):
        last = following == len(lines)
        body = (
            list(lines[place + 1 :])
            if last
            else _without_identifier(lines, place + 1, following, numbered=numbered, webvtt=webvtt)
        )
        yield match, [_words_after(match), *body]


def _without_identifier(
    lines: Sequence[str], start: int, end: int, *, numbered: bool, webvtt: bool
) -> list[str]:
    body = list(lines[start:end])
    if not body or not body[-1].strip():
        return body
    first_of_block = len(body) == 1 or not body[-2].strip()
    number = numbered and body[-1].strip().isdigit()
    alone = first_of_block and (start == 0 or len(body) > 1)
    return body[:-1] if number or (webvtt and alone) else body


def _words_after(match: re.Match[str]) -> str:
    """Words that stand on the timing line itself; settings of position are none."""
    rest = str(match["rest"])
    return "" if _SETTINGS.fullmatch(rest) else rest


def _spoken_part(lines: Sequence[str]) -> list[str]:
    """The lines without the header and without NOTE, STYLE and REGION blocks."""
    kept: list[str] = []
    skipping, fresh = True, False
    for line in lines:
        if not line.strip():
            skipping, fresh = False, True
            kept.append("")
        elif _timing(line):
            skipping = fresh = False
            kept.append(line)
        else:
            skipping = skipping or (fresh and _VTT_BLOCK.match(line) is not None)
            fresh = False
            kept.extend([] if skipping else [line])
    return kept


def _cue(timing: re.Match[str] | None, lines: Sequence[str]) -> Cue:
    text = " ".join(" ".join(lines).split())
    if timing is None:
        return Cue(None, None, None, text)
    start, end = parse_clock(timing["start"]), parse_clock(timing["end"])
    # A time that is not there at all ("00:05 --> ") is as good as broken: this form needs both.
    return Cue(start, end, None, text, broken=start is None or end is None)


def _voices(text: str) -> Iterator[tuple[str | None, str]]:
    """(speaker, words) for each voice span; words before the first have no speaker."""
    parts = _VOICE.split(text)
    if parts[0].strip() or len(parts) == 1:
        yield None, parts[0]
    for name, words in zip(parts[1::2], parts[2::2], strict=True):
        yield " ".join(_plain(name).split()) or None, words


def _plain(text: str) -> str:
    """Words without the formats' own tags; anything else in angle brackets was said or typed."""
    return _ENTITY.sub(lambda match: _ENTITIES.get(match[1], "'"), _TAG.sub("", text))


def _with_speakers(cues: list[Cue]) -> list[Cue]:
    """Zoom writes "Name: words" in its cues."""
    speakers = speakers_among((cue.text for cue in cues if cue.text), timed=True)
    return [_labelled(cue, speakers) for cue in cues] if speakers else cues


def _labelled(cue: Cue, speakers: frozenset[str]) -> Cue:
    split = split_label(cue.text)
    if split is None or split[0] not in speakers:
        return cue
    return replace(cue, speaker=split[0], text=split[1])
