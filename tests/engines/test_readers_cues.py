"""SubRip and WebVTT: every word of a cue, no time that cannot be true."""

from __future__ import annotations

import pytest

from tests.engines import transcripts

# --- SubRip ---


def test_a_subrip_file_keeps_its_cues() -> None:
    text = (
        "1\r\n00:00:01,500 --> 00:00:02,000\r\nHello <i>there</i>\r\nagain\r\n\r\n"
        "2\r\n00:00:02,000 --> 00:00:04,250\r\nBye\r\n"
    )
    assert transcripts.rows(transcripts.read(text, "a.srt")) == [
        (1.5, 2.0, None, "Hello there again"),
        (2.0, 4.25, None, "Bye"),
    ]
    assert transcripts.read(text).duration == 4.25


_SUBRIP = [
    # (what stands under the first time, its words)
    ("As of\n\n42\n\n", "As of 42"),  # a line of digits that is no number of a cue
    ("in\n2026\n", "in 2026"),
    ("{\\an8}Up <font color='red'>here</font>\n\n", "Up here"),
    ("R&amp;D &lt;3 &quot;x&quot; &nbsp;y\n\n", 'R&D <3 "x" y'),
    ("say <|im_start|> and <start_of_turn>\n\n", "say <|im_start|> and <start_of_turn>"),
    ("a < b and c > d, <3, x->y --> z\n\n", "a < b and c > d, <3, x->y --> z"),
    ("see https://example.com/a?b=c: done\n\n", "see https://example.com/a?b=c: done"),
    ("one\n\ntwo\n\nthree\n\n", "one two three"),  # blank lines inside a cue
    ("\x00nul\x07 bell\u200b\u202e\n\n", "nul bell"),
    ("\n\n\n", ""),
]


@pytest.mark.parametrize(("under", "words"), _SUBRIP)
def test_every_word_of_a_cue_is_kept(under: str, words: str) -> None:
    made = transcripts.read(
        f"1\n00:00:01,000 --> 00:00:02,000\n{under}2\n00:00:03,000 --> 00:00:04,000\nlast\n"
    )
    assert transcripts.words(made) == [*words.split(), "last"]
    assert made.utterances[-1].start == 3.0


_TIMING_LINES = [
    # (the line of a time, start, end)
    ("00:00:05,000 --> 00:00:06,500", 5.0, 6.5),
    ("00:00:05.000 --> 00:00:06.500", 5.0, 6.5),
    ("0:00:05,0 --> 0:00:06,5", 5.0, 6.5),
    ("00:05 --> 00:06", 5.0, 6.0),
    ("00:00:05,000-->00:00:06,500", 5.0, 6.5),
    ("00:00:05,000 -> 00:00:06,500", 5.0, 6.5),
    ("00:00:05,000 --> 00:00:06,500 X1:10 Y1:20", 5.0, 6.5),
    ("00:00:09,000 --> 00:00:06,500", 9.0, None),  # ends before it starts
    ("00:00:05,000 --> ", 5.0, None),
    ("--> 00:00:06,500", None, 6.5),
    ("00:99:99,000 --> 00:00:06,500", None, 6.5),
    ("-00:00:05,000 --> 00:00:06,500", None, 6.5),
    ("101:00:00,000 --> 101:00:01,000", None, None),
    ("100:00:00,000 --> 100:00:00,000", 360000.0, 360000.0),
    ("00:00:60,000 --> 00:61:00,000", None, None),
    ("00:00:05:12 --> 00:00:06:00", None, None),  # frames
]


@pytest.mark.parametrize(("line", "start", "end"), _TIMING_LINES)
def test_a_time_that_cannot_be_true_is_dropped_and_its_words_are_not(
    line: str, start: float | None, end: float | None
) -> None:
    made = transcripts.read(
        f"1\n{line}\nthese words\n\n2\n200:00:00,000 --> 00:00:01,000\nmore\n", "a.srt"
    )
    assert (made.utterances[0].start, made.utterances[0].end) == (start, end)
    assert transcripts.words(made) == ["these", "words", "more"]


def _srt_of(starts: list[str]) -> str:
    return "".join(
        f"{place}\n{start} --> 00:59:59,000\nw{place}\n\n" for place, start in enumerate(starts, 1)
    )


_ORDERS = [
    # (starts in the file, starts that stay)
    (["00:00:01", "00:00:02", "00:00:03"], [1.0, 2.0, 3.0]),
    (["00:00:01", "00:00:01", "00:00:01"], [1.0, 1.0, 1.0]),
    (["00:00:01", "00:50:00", "00:00:03"], [1.0, None, 3.0]),  # one slip forwards
    (["00:00:10", "00:00:02", "00:00:30"], [None, 2.0, 30.0]),
    (["00:00:10", "00:00:20", "00:00:02", "00:00:30"], [10.0, 20.0, None, 30.0]),  # one back
    (["bad", "00:00:20", "00:00:21"], [None, 20.0, 21.0]),
]


@pytest.mark.parametrize(("starts", "kept"), _ORDERS)
def test_times_never_go_backwards_and_words_stay_in_the_order_of_the_file(
    starts: list[str], kept: list[float | None]
) -> None:
    made = transcripts.read(
        _srt_of(["99:99:99" if start == "bad" else start for start in starts]), "a.srt"
    )
    assert [said.start for said in made.utterances] == kept
    assert transcripts.words(made) == [f"w{place}" for place in range(1, len(starts) + 1)]


def test_overlapping_speech_keeps_both_times() -> None:
    made = transcripts.read(
        "00:00:01,000 --> 00:00:09,000\na\n\n00:00:02,000 --> 00:00:03,000\nb\n"
    )
    assert transcripts.rows(made) == [(1.0, 9.0, None, "a"), (2.0, 3.0, None, "b")]


def test_words_before_the_first_time_are_kept() -> None:
    made = transcripts.read("Board meeting\n\n1\n00:00:01,000 --> 00:00:02,000\nhello\n", "a.srt")
    assert transcripts.rows(made) == [
        (None, None, None, "Board meeting"),
        (1.0, 2.0, None, "hello"),
    ]


# --- WebVTT ---

_VTT = """\ufeffWEBVTT - Weekly: review
Kind: captions
Language: en

NOTE written by a machine
over two lines

STYLE
::cue(b) { color: red }

REGION
id:fred

1f9a/12-0
00:01.000 --> 00:02.500 align:start position:0%
<v Kim Minsu>Hi &amp; <c.yellow>welcome</c></v>

00:00:02.500 --> 00:00:04.000
<v.loud Dr. Lee>Thanks.
<v Kim Minsu>Let's <00:00:03.100>start</v>

NOTE in between

00:00:05.000 --> 00:00:06.000 line:0
no voice: here
"""


def test_webvtt_gives_voices_and_words_and_nothing_else() -> None:
    assert transcripts.rows(transcripts.read(_VTT, "a.vtt")) == [
        (1.0, 2.5, "Kim Minsu", "Hi & welcome"),
        (2.5, 4.0, "Dr. Lee", "Thanks."),  # two voices in a cue are two utterances
        (2.5, 4.0, "Kim Minsu", "Let's start"),
        (5.0, 6.0, None, "no voice: here"),
    ]


def test_zoom_writes_names_into_webvtt_cues() -> None:
    text = (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nAlice Kim: hello\n\n"
        "2\n00:00:05.000 --> 00:00:06.000\nBob: Note: the time is 10:30\n\n"
        "3\n00:00:07.000 --> 00:00:08.000\nand that is: final\n"
    )
    assert transcripts.said(transcripts.read(text)) == [
        ("Alice Kim", "hello"),
        ("Bob", "Note: the time is 10:30"),
        (None, "and that is: final"),
    ]


def test_webvtt_without_hours_or_blank_line_after_the_header_is_read() -> None:
    made = transcripts.read(
        "WEBVTT\n00:01.000 --> 00:02.000\nhello\n\n00:02.000 --> 00:03.000\nworld"
    )
    assert transcripts.rows(made) == [(1.0, 2.0, None, "hello"), (2.0, 3.0, None, "world")]
