"""Times that are none: counted for the person, their words kept, their lines no words."""

from __future__ import annotations

import json

import pytest

from core.engines.readers import read_file
from tests.engines.transcripts import words


def _subrip(*lines: str) -> str:
    return "".join(f"{place}\n{line}\nword{place}\n\n" for place, line in enumerate(lines, start=1))


_GOOD = "00:00:01,000 --> 00:00:02,000"
_BROKEN = [
    # (times of a file's lines, how many of them are broken)
    ((_GOOD, "00:00:02,000 --> 00:00:03,000"), 0),
    ((_GOOD, "00:99:99,000 --> 00:00:03,000"), 1),
    ((_GOOD, "00:00:O2,000 --> 00:00:03,000"), 1),  # a letter for a digit
    ((_GOOD, "00:0l:02,000 --> 00:0?:03,000"), 1),
    ((_GOOD, "NaN:NaN:NaN,NaN --> NaN:NaN:NaN,NaN"), 1),
    ((_GOOD, "--:--:--,--- --> --:--:--,---"), 1),
    ((_GOOD, "00:00:05,000 --> 00:00:03,000"), 1),  # ends before it starts
    ((_GOOD, "00:00:02,000 --> "), 1),
    ((_GOOD, "00:50:00,000 --> 00:51:00,000", "00:00:03,000 --> 00:00:04,000"), 1),  # out of order
    ((_GOOD, "00:00:02 --> 00:99:03", "-00:00:05,000 --> 00:00:06,000"), 2),
]


@pytest.mark.parametrize(("lines", "count"), _BROKEN)
def test_broken_times_are_counted_and_no_word_is_lost(lines: tuple[str, ...], count: int) -> None:
    read = read_file(_subrip(*lines).encode(), name="meeting.srt")
    assert read.broken_times == count
    assert words(read.transcript) == [f"word{place}" for place in range(1, len(lines) + 1)]
    starts = [one.start for one in read.transcript.utterances if one.start is not None]
    assert starts == sorted(starts)


def test_subtitles_without_one_good_time_are_still_subtitles() -> None:
    lines = ("00:99:99,000 --> 00:99:99,500", "00:0O:01,000 --> 00:0O:02,000")
    read = read_file(_subrip(*lines).encode(), name="meeting.srt")
    assert words(read.transcript) == ["word1", "word2"]
    assert read.broken_times == 2


@pytest.mark.parametrize(
    "said", ["A1:B2 --> C3:D4", "a < b --> c", "key:a:b --> value:c:d", "see 3:1 --> there"]
)
def test_an_arrow_in_what_was_said_is_said(said: str) -> None:
    read = read_file(f"1\n{_GOOD}\nnext\n{said}\nlast\n".encode(), name="meeting.srt")
    assert " ".join(words(read.transcript)) == f"next {said} last"
    assert read.broken_times == 0


def test_webvtt_counts_too() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:77.000 --> 00:99.000\ntwo\n"
    read = read_file(text.encode(), name="a.vtt")
    assert (read.broken_times, words(read.transcript)) == (1, ["one", "two"])


def test_times_of_plain_text_count_once_for_a_long_speech() -> None:
    speech = "This is what was said at length. " * 60
    text = f"[00:00:05] hello\n[00:99:99] {speech}\n[00:01:00] end\n"
    read = read_file(text.encode(), name="a.txt")
    assert len(read.transcript.utterances) > 3
    assert read.broken_times == 1


def test_text_without_times_has_none_that_are_broken() -> None:
    assert read_file("김: 하나\n이: 둘\n\nmore".encode(), name="a.txt").broken_times == 0


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"start": 1.0, "end": 2.0}, 0),
        ({}, 0),
        ({"start": None, "end": None}, 0),
        ({"start": -3, "end": 2.0}, 1),
        ({"start": "soon"}, 1),
        ({"offsets": {"from": 1000, "to": "x"}}, 1),
        ({"timestamps": {"from": "00:00:01,000", "to": "00:99:00,000"}}, 1),
    ],
)
def test_times_of_recognisers_count(row: dict[str, object], count: int) -> None:
    content = json.dumps({"segments": [{**row, "text": "words"}]}).encode()
    read = read_file(content, name="a.json")
    assert (read.broken_times, words(read.transcript)) == (count, ["words"])
