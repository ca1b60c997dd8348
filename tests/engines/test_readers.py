"""Transcript files: what they are by their bytes, every word kept, no time or speaker made up."""

from __future__ import annotations

import json
import os
import random
import re
import time
import unicodedata

import pytest

from core.domain.transcript import Transcript
from core.engines.readers import LARGEST_BYTES, read_transcript, transcript_kind
from core.engines.readers.sentences import LONGEST_UTTERANCE
from core.engines.readers.timing import parse_clock
from core.errors import InvalidInput


def _read(text: str | bytes, name: str = "meeting.txt") -> Transcript:
    return read_transcript(text.encode() if isinstance(text, str) else text, name=name)


def _rows(transcript: Transcript) -> list[tuple[float | None, float | None, str | None, str]]:
    return [(said.start, said.end, said.speaker, said.text) for said in transcript.utterances]


def _said(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(said.speaker, said.text) for said in transcript.utterances]


def _words(transcript: Transcript) -> list[str]:
    return " ".join(said.text for said in transcript.utterances).split()


# --- SubRip ---


def test_a_subrip_file_keeps_its_cues() -> None:
    text = "1\r\n00:00:01,500 --> 00:00:02,000\r\nHello <i>there</i>\r\nagain\r\n\r\n2\r\n00:00:02,000 --> 00:00:04,250\r\nBye\r\n"
    assert _rows(_read(text, "a.srt")) == [
        (1.5, 2.0, None, "Hello there again"),
        (2.0, 4.25, None, "Bye"),
    ]
    assert _read(text).duration == 4.25


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
    made = _read(
        f"1\n00:00:01,000 --> 00:00:02,000\n{under}2\n00:00:03,000 --> 00:00:04,000\nlast\n"
    )
    assert _words(made) == [*words.split(), "last"]
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
    made = _read(f"1\n{line}\nthese words\n\n2\n200:00:00,000 --> 00:00:01,000\nmore\n", "a.srt")
    assert (made.utterances[0].start, made.utterances[0].end) == (start, end)
    assert _words(made) == ["these", "words", "more"]


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
    made = _read(_srt_of(["99:99:99" if start == "bad" else start for start in starts]), "a.srt")
    assert [said.start for said in made.utterances] == kept
    assert _words(made) == [f"w{place}" for place in range(1, len(starts) + 1)]


def test_overlapping_speech_keeps_both_times() -> None:
    made = _read("00:00:01,000 --> 00:00:09,000\na\n\n00:00:02,000 --> 00:00:03,000\nb\n")
    assert _rows(made) == [(1.0, 9.0, None, "a"), (2.0, 3.0, None, "b")]


def test_words_before_the_first_time_are_kept() -> None:
    made = _read("Board meeting\n\n1\n00:00:01,000 --> 00:00:02,000\nhello\n", "a.srt")
    assert _rows(made) == [(None, None, None, "Board meeting"), (1.0, 2.0, None, "hello")]


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
    assert _rows(_read(_VTT, "a.vtt")) == [
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
    assert _said(_read(text)) == [
        ("Alice Kim", "hello"),
        ("Bob", "Note: the time is 10:30"),
        (None, "and that is: final"),
    ]


def test_webvtt_without_hours_or_blank_line_after_the_header_is_read() -> None:
    made = _read("WEBVTT\n00:01.000 --> 00:02.000\nhello\n\n00:02.000 --> 00:03.000\nworld")
    assert _rows(made) == [(1.0, 2.0, None, "hello"), (2.0, 3.0, None, "world")]


# --- plain text ---

_PLAIN = [
    # Names alone
    ("Alice: hi\nBob: hello", [("Alice", "hi"), ("Bob", "hello")]),
    ("김민수: 안녕하세요\n이영희 : 네", [("김민수", "안녕하세요"), ("이영희", "네")]),
    ("김민수：안녕하세요\n이영희：네", [("김민수", "안녕하세요"), ("이영희", "네")]),  # wide colon
    ("**Alice:** hi\n**Bob:** yo", [("Alice", "hi"), ("Bob", "yo")]),  # Markdown
    ("Speaker 1: a\nSpeaker 2: b", [("Speaker 1", "a"), ("Speaker 2", "b")]),
    ("참석자 1: 가\n참석자 2: 나", [("참석자 1", "가"), ("참석자 2", "나")]),
    ("Dr. Osei: go\nJ. P. Morgan: ok", [("Dr. Osei", "go"), ("J. P. Morgan", "ok")]),
    ("KIM (PM): yes\nLEE (QA): no", [("KIM (PM)", "yes"), ("LEE (QA)", "no")]),
    ("O'Brien: aye\nvan der Berg: nee\nO'Brien: so",
     [("O'Brien", "aye"), ("van der Berg", "nee"), ("O'Brien", "so")]),
    ("Q: why?\nA: because.\nQ: really?", [("Q", "why?"), ("A", "because."), ("Q", "really?")]),
    ("alice: hi\nbob: yo\nalice: so", [("alice", "hi"), ("bob", "yo"), ("alice", "so")]),
    # the rest of a speech on the next lines; a blank line ends it
    ("Alice: one\ntwo\n\nthree\nAlice: four\nBob: five",
     [("Alice", "one two"), (None, "three"), ("Alice", "four"), ("Bob", "five")]),
    # no speakers
    ("결론: 이렇게 합시다", [(None, "결론: 이렇게 합시다")]),
    ("Note: the deadline is 10:30", [(None, "Note: the deadline is 10:30")]),
    ("Alice: hi\nBob: yo\nNote: the deadline is 10:30\nAlice: see https://x.y",
     [("Alice", "hi"), ("Bob", "yo Note: the deadline is 10:30"), ("Alice", "see https://x.y")]),
    ("김민수: 좋아요\n이영희: 네\n결론: 이렇게 합시다\n김민수: 끝",
     [("김민수", "좋아요"), ("이영희", "네 결론: 이렇게 합시다"), ("김민수", "끝")]),
    ("https://a.b\nhttps://c.d", [(None, "https://a.b"), (None, "https://c.d")]),
    ("I think: yes\nI think: no", [(None, "I think: yes"), (None, "I think: no")]),
    ("The plan is simple: go.\nThe plan is simple: stay.",
     [(None, "The plan is simple: go."), (None, "The plan is simple: stay.")]),
    ("Agenda: budget\nLocation: Room 4\nDate: Monday",
     [(None, "Agenda: budget"), (None, "Location: Room 4"), (None, "Date: Monday")]),
    ("일시: 3월 2일\n장소: 회의실\n참석자: 김, 이",
     [(None, "일시: 3월 2일"), (None, "장소: 회의실"), (None, "참석자: 김, 이")]),
    ("We talked.\nThen one said: fine.\nWe left.\nIt rained.",
     [(None, "We talked."), (None, "Then one said: fine."), (None, "We left."), (None, "It rained.")]),
    ("Ratio 3:1\nRatio 4:1", [(None, "Ratio 3:1"), (None, "Ratio 4:1")]),
    ("C:\\temp\nD:\\data", [(None, "C:\\temp"), (None, "D:\\data")]),
    ("10:30 works for me\nMeeting starts at 10:30\nDone by 12:00",
     [(None, "10:30 works for me"), (None, "Meeting starts at 10:30"), (None, "Done by 12:00")]),
    # a sentence broken at the margin of an old e-mail
    ("We went through all the numbers of the last quarter and\nfound nothing odd in them.\nNext point.",
     [(None, "We went through all the numbers of the last quarter and found nothing odd in them."),
      (None, "Next point.")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), _PLAIN)
def test_speakers_in_plain_text(text: str, said: list[tuple[str | None, str]]) -> None:
    made = _read(text)
    assert _said(made) == said
    assert made.duration is None


_TIMED = [
    ("[00:00:05] Alice: hi", [(5.0, None, "Alice", "hi")]),
    ("00:00:07 Bob: yo", [(7.0, None, "Bob", "yo")]),
    ("(00:09) Carol: hey", [(9.0, None, "Carol", "hey")]),
    ("Dan (00:00:11): hm", [(11.0, None, "Dan", "hm")]),
    ("Dan (00:11): hm", [(11.0, None, "Dan", "hm")]),
    ("[00:12.5 - 00:14,25] tail", [(12.5, 14.25, None, "tail")]),
    ("[00:00:01.000 --> 00:00:02.000]  whisper's own print", [(1.0, 2.0, None, "whisper's own print")]),
    ("[1:02:03] late", [(3723.0, None, None, "late")]),
    ("[75:30] long", [(4530.0, None, None, "long")]),  # minutes beyond the hour
    ("[00:99] broken", [(None, None, None, "broken")]),
    ("[00:05] Remember: check\n[00:07] it\n[00:08] all",
     [(5.0, None, None, "Remember: check"), (7.0, None, None, "it"), (8.0, None, None, "all")]),
    # YouTube
    ("0:05\nhello everyone\n0:07\nlet's go",
     [(5.0, None, None, "hello everyone"), (7.0, None, None, "let's go")]),
    ("0:05 hello everyone\n0:07 let's go",
     [(5.0, None, None, "hello everyone"), (7.0, None, None, "let's go")]),
    # Clova Note, with its head
    ("회의 제목\n2026.03.05 목 오후 2:00\n\n참석자 1 00:00\n안녕하세요\n\n참석자 2 00:12\n네\n두 줄",
     [(None, None, None, "회의 제목"), (None, None, None, "2026.03.05 목 오후 2:00"),
      (0.0, None, "참석자 1", "안녕하세요"), (12.0, None, "참석자 2", "네 두 줄")]),
    # Otter, with paragraphs
    ("Alice Kim  0:05\nHello there.\n\nSecond.\n\nBob 1:12\nHi",
     [(5.0, None, "Alice Kim", "Hello there."), (None, None, "Alice Kim", "Second."),
      (72.0, None, "Bob", "Hi")]),
    # Teams
    ("Kim, Alice   0:05\nhi\n\nLee, Bob   0:10\nhello",
     [(5.0, None, "Kim, Alice", "hi"), (10.0, None, "Lee, Bob", "hello")]),
    # Rev, Descript
    ("Speaker 1 (00:03):\nHi\n\nSpeaker 2 (00:09):\nYo",
     [(3.0, None, "Speaker 1", "Hi"), (9.0, None, "Speaker 2", "Yo")]),
    ("00:05 Alice\nHello\n\n00:10 Bob\nHi", [(5.0, None, "Alice", "Hello"), (10.0, None, "Bob", "Hi")]),
    # times of day are no places in a recording
    ("김철수 오후 2:30\n안녕하세요\n이영희 오후 2:31\n네",
     [(None, None, "김철수", "안녕하세요"), (None, None, "이영희", "네")]),
    ("Alice 10:30 AM\nhi\nBob 10:31 AM\nyo", [(None, None, "Alice", "hi"), (None, None, "Bob", "yo")]),
    # a time and its words apart
    ("[00:05]\n\nHello\n\n[00:09]\nBye", [(5.0, None, None, "Hello"), (9.0, None, None, "Bye")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), _TIMED)
def test_times_in_plain_text(
    text: str, rows: list[tuple[float | None, float | None, str | None, str]]
) -> None:
    assert _rows(_read(text)) == rows


_CLOCKS = [
    ("1:02:03", 3723.0), ("01:02:03.5", 3723.5), ("01:02:03,250", 3723.25), ("02:03", 123.0),
    ("99:59", 5999.0), ("100:00:00", 360000.0), ("100:00:01", None), ("00:60", None),
    ("00:60:00", None), ("-1:00", None), ("", None), ("12", None), ("1:2:3:4", None), ("a:b", None),
    ("٠١:٠٢", None), ("99999:00", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), _CLOCKS)
def test_clocks(text: str, seconds: float | None) -> None:
    assert parse_clock(text) == seconds


# --- JSON ---

_JSON = [
    # openai-whisper
    ({"text": "hi yo", "language": "en", "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": " hi", "tokens": [1]},
        {"id": 1, "start": 1.5, "end": 2.0, "text": " yo"}]},
     [(0.0, 1.5, None, "hi"), (1.5, 2.0, None, "yo")]),
    # faster-whisper, dumped as a list
    ([{"start": 0, "end": 1, "text": " hi", "avg_logprob": -0.2}], [(0.0, 1.0, None, "hi")]),
    # whisperX with speakers
    ({"segments": [{"start": 0.1, "end": 1.0, "text": "hi", "speaker": "SPEAKER_00",
                    "words": [{"word": "hi", "speaker": "SPEAKER_00"}]}], "word_segments": []},
     [(0.1, 1.0, "SPEAKER_00", "hi")]),
    # whisper.cpp
    ({"result": {"language": "ko"}, "transcription": [
        {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"},
         "offsets": {"from": 0, "to": 2000}, "text": " 안녕"},
        {"timestamps": {"from": "00:00:02,000", "to": "00:00:03,500"}, "text": " 네"}]},
     [(0.0, 2.0, None, "안녕"), (2.0, 3.5, None, "네")]),
    # our own export
    ([{"number": 1, "start": None, "end": None, "speaker": None, "text": "hi"},
      {"number": 2, "start": 5, "end": 6, "speaker": "Kim", "text": "yo"}],
     [(None, None, None, "hi"), (5.0, 6.0, "Kim", "yo")]),
    # words without a text
    ({"segments": [{"start": 0, "end": 1, "words": [{"word": " a"}, {"word": " b"}]}]},
     [(0.0, 1.0, None, "a b")]),
    # only a text
    ({"text": "Just this."}, [(None, None, None, "Just this.")]),
    # odd times and speakers
    ({"segments": [{"start": "1.5", "end": "00:00:03", "text": "a", "speaker": 2},
                   {"start": -4, "end": 1e999, "text": "b", "speaker": " "},
                   {"start": True, "end": [], "text": "c", "speaker": {}},
                   {"start": float("nan"), "text": "d"}, {"text": ""}, {"text": 5}, None]},
     [(1.5, 3.0, "Speaker 2", "a"), (None, None, None, "b"), (None, None, None, "c"),
      (None, None, None, "d")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "rows"), _JSON)
def test_json_of_recognisers(
    data: object, rows: list[tuple[float | None, float | None, str | None, str]]
) -> None:
    for name in ("a.json", "a.txt"):
        assert _rows(_read(json.dumps(data), name)) == rows


def test_escapes_in_json_bring_no_broken_characters() -> None:
    made = _read('[{"text": "a\\u0000b \\ud800 \\ud83d\\ude00", "speaker": "K\\u0007im"}]')
    assert _said(made) == [("Kim", "ab \ufffd 😀")]
    made.utterances[0].text.encode()


def test_a_translation_is_in_the_language_of_its_letters() -> None:
    # Whisper names the language it heard, also where it was told to translate.
    assert _read('{"language": "ko", "segments": [{"text": "Good morning"}]}').language == "en"
    assert _read('{"language": "korean", "segments": [{"text": "안녕하세요"}]}').language == "ko"
    assert _read('{"language": "ja", "segments": [{"text": "おはよう"}]}').language == "ja"


# --- encodings ---

_KOREAN = [
    "김민수: 안녕하세요, 회의를 시작하겠습니다.\n이영희: 네, 예산은 오백만 원입니다 (20% 감축).",
    "[00:01] 결정 사항을 정리합시다\n[00:05] 출시는 십이월 십일로 합니다",
    "오늘 안건은 API 배포와 QA 일정입니다. Kubernetes 1.29로 올립니다.",
    "홍길동: 네 좋습니다",
]


@pytest.mark.parametrize("text", _KOREAN)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "euc-kr"],
)
def test_korean_comes_out_right_in_every_encoding(text: str, encoding: str) -> None:
    assert _read(text.encode(encoding)) == _read(text)


def test_korean_beyond_ksx1001_is_read_from_cp949() -> None:
    text = (
        "김민수: 펲시콜라와 똠방각하 이야기를 했습니다\n이영희: 네 그렇게 정리하고 다음으로 가시죠"
    )
    assert _read(text.encode("cp949")) == _read(text)


def test_decomposed_korean_is_composed() -> None:
    text = "안녕하세요 회의를 시작합니다"
    assert _said(_read(unicodedata.normalize("NFD", text))) == [(None, text)]


_WESTERN = [
    "Alice: the café’s “naïve” plan – don’t\nBob: yes it’s fine",
    "Señor Núñez said the façade costs €500.",
    "It’s what we’ve agreed. That’s all we’ll say; they’re done.",
    "Jürgen: Das müssen wir prüfen.\nZoë: Großartig, natürlich.",
]


@pytest.mark.parametrize("text", _WESTERN)
def test_windows_1252_is_read(text: str) -> None:
    assert _read(text.encode("cp1252")) == _read(text)


_UNKNOWN = [
    "Это совещание по бюджету проекта".encode("cp1251"),
    "これは会議です。予算について話します".encode("shift_jis"),
    "これは会議です。予算について話します".encode("euc-jp"),
    "这是一个会议,我们讨论预算和时间表的问题".encode("gbk"),
    "這是一個會議，我們討論預算".encode("big5"),
    "Συζήτηση για τον προϋπολογισμό".encode("cp1253"),
    "การประชุมเรื่องงบประมาณ".encode("cp874"),
    "اجتماع حول الميزانية".encode("cp1256"),
]


@pytest.mark.parametrize("content", _UNKNOWN)
def test_an_encoding_that_is_not_sure_is_an_error_and_no_guess(content: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        _read(content)
    assert caught.value.code == "transcript_encoding"
    assert transcript_kind(content, "a.txt") is None


def test_a_file_cut_in_the_middle_of_a_letter_is_read() -> None:
    text = "회의를 시작하겠습니다. 예산은 오백만 원입니다"
    for encoding in ("utf-8", "cp949"):
        made = _read(text.encode(encoding)[:-1])
        assert made.utterances[0].text == text[:-1] + "\ufffd"


# --- what it is ---

_KINDS = [
    (b"1\n00:00:01,000 --> 00:00:02,000\nhi\n", "a.txt", "srt"),
    (b"1\n00:00:01,000 --> 00:00:02,000\nhi\n", "a.json", "srt"),
    (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhi", "a.srt", "vtt"),
    (b"\xef\xbb\xbfWEBVTT\n", "a", "vtt"),
    ("WEBVTT\n".encode("utf-16"), "a.vtt", "vtt"),
    (b'{"segments": []}', "a.txt", "json"),
    (b' [ {"text": "hi"}]', "a.mp3", "json"),
    (b"[00:01] hi", "a.json", "txt"[:0] or "json"),  # begins as JSON may, and is called so
    (b"[00:01] hi", "a.txt", "txt"),
    (b"{hello} world", "a.txt", "txt"),
    (b"Alice: hi", "a.srt", "txt"),
    (b"Alice: hi", "a.mp3", "txt"),  # text, whatever its name says
    (b"Alice: hi", "noname", "txt"),
    ("김민수: 네 알겠습니다".encode("cp949"), "a.wav", "txt"),
    (b"x -> y --> z", "a.txt", "txt"),
    (b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(256)), "a.txt", None),  # an mp3 called .txt
    (b"\xff\xfb\x90\x64" + bytes(range(256)) * 4, "a.txt", None),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a.srt", None),
    (b"\x00\x00\x00\x20ftypM4A ", "a.txt", None),
    (b"OggS\x00\x02", "a.vtt", None),
    (b"\x1aE\xdf\xa3\x01\x00", "a.json", None),
    (b"PK\x03\x04docx", "a.txt", None),
    (b"%PDF-1.7", "a.txt", None),
    (b"\x00" * 64, "a.txt", None),
    (b"", "a.srt", "srt"),
    (b"", "a.mp3", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "name", "kind"), _KINDS)
def test_the_kind_is_told_by_the_bytes(head: bytes, name: str, kind: str | None) -> None:
    assert transcript_kind(head, name) == kind


def test_noise_is_never_text() -> None:
    for seed in range(200):
        noise = random.Random(seed).randbytes(seed * 37 + 40)
        assert transcript_kind(noise, "a.txt") is None


def test_a_head_cut_anywhere_has_the_kind_of_its_file() -> None:
    content = ("1\n00:00:01,000 --> 00:00:02,000\n회의를 시작하겠습니다\n\n" * 3).encode()
    for cut in range(60, len(content)):
        assert transcript_kind(content[:cut], "a.mp3") == "srt"


_REFUSED = [
    (b"", "a.txt", "transcript_empty"),
    (b" \r\n\t ", "a.srt", "transcript_empty"),
    (b"\x00\x00", "a.txt", "transcript_empty"),
    (b"ID3\x04" + bytes(200), "a.txt", "transcript_not_text"),
    (b"... --- ...", "a.txt", "transcript_no_speech"),
    (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "a.vtt", "transcript_no_speech"),
    (b"1\n00:00:01,000 --> 00:00:02,000\n\n", "a.srt", "transcript_no_speech"),
    (b'{"segments": []}', "a.json", "transcript_no_speech"),
    (b'[{"text": "tru', "a.json", "transcript_json_broken"),
    (b'{"a": 1}', "a.json", "transcript_json_shape"),
    (b'[{"name": "x"}]', "a.json", "transcript_json_shape"),
    (b'{"a":' * 100_000, "a.json", "transcript_json_shape"),  # too deep to follow
    (b"[{" + b"[" * 100_000, "a.json", "transcript_json_broken"),
    (b'{"a": ' + b"9" * 10_000 + b"}", "a.json", "transcript_json_broken"),
]


@pytest.mark.parametrize(("content", "name", "code"), _REFUSED)
def test_what_cannot_be_used_is_refused_by_name(content: bytes, name: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        _read(content, name)
    assert caught.value.code == code
    for language in ("ko", "en"):
        assert name in caught.value.sentence(language)


def test_a_file_beyond_all_meetings_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        _read(b"a " * (LARGEST_BYTES // 2 + 1))
    assert caught.value.code == "transcript_too_large"
    assert "50 MB" in str(caught.value)


# --- long speeches ---


def _long(sentence: str, count: int) -> str:
    return " ".join(sentence.format(place) for place in range(count))


_LONG = [
    _long("Sentence number {} goes on for quite a while, as they do.", 60),
    _long("이번 안건 {}번은 다음 주에 다시 논의하기로 했습니다.", 60),
    _long("그래서 저희가 {}번을 먼저 보고 있습니다 그리고 더 볼게요", 60),  # no full stops
    _long("word{}", 800),  # no sentences
    _long("Dr. Kim met Mr. Lee at 3.5 km, e.g. at No. {} Main St. in town.", 40),
]


@pytest.mark.parametrize("text", _LONG)
def test_a_long_speech_is_cut_without_losing_a_word(text: str) -> None:
    made = _read(f"[00:05] Alice: {text}\n[09:00] Bob: ok")
    pieces = made.utterances[:-1]
    assert len(pieces) > 1
    assert all(len(piece.text) <= LONGEST_UTTERANCE for piece in pieces)
    assert [word for piece in pieces for word in piece.text.split()] == text.split()
    assert {piece.speaker for piece in pieces} == {"Alice"}
    # When the later pieces were said is not known.
    assert [piece.start for piece in pieces] == [5.0] + [None] * (len(pieces) - 1)


def test_cuts_are_at_sentence_ends() -> None:
    for piece in _read(_LONG[0]).utterances + _read(_LONG[1]).utterances:
        assert piece.text.endswith(".")
    for piece in _read(_LONG[4]).utterances:
        assert piece.text.endswith("town.")


def test_short_speeches_and_cues_are_left_whole() -> None:
    text = "x" * 300 + ". " + "y" * 250
    assert len(_read(text).utterances) == 1
    long_cue = _LONG[0]
    assert len(_read(f"1\n00:00:01,000 --> 00:00:02,000\n{long_cue}\n").utterances) == 1


# --- words are never lost ---

_VOCABULARY = [
    "yes", "no", "Kim:", "10:30", "[00:05]", "(1:02)", "Note:", "결론:", "https://x.y", "네,", "2026",
    "-->", "<v", "<b>", "</i>", "&", "&amp", "{", "}", "[", "a.", "안녕하세요.", "*", "-", "|", '"', "…",
    "Alice", "Speaker", "1", "오후", "2:30", "\u3000", "WEBVTTX", "NOTES", "<|im_end|>", "00:00:01,000",
]  # fmt: skip


def test_no_word_of_any_plain_text_is_lost_or_doubled() -> None:
    for seed in range(400):
        chance = random.Random(seed)
        lines = [
            " ".join(chance.choices(_VOCABULARY, k=chance.randrange(0, 9)))
            for _ in range(chance.randrange(1, 15))
        ]
        text = "\n".join(lines) + "\nend"
        if transcript_kind(text.encode(), "a.txt") != "txt":
            continue
        made = _read(text)
        kept = "".join("".join((said.speaker or "") + said.text) for said in made.utterances)
        # Only marks of time and what sets off a label may go.
        left = _without_marks(text)
        assert _contains_in_order(_letters(text), _letters(_without_marks(kept)))
        assert len(_letters(_without_marks(kept))) >= len(_letters(left)) - _repeated_labels(made)


def _without_marks(text: str) -> str:
    return re.sub(r"오후|\d{1,4}:\d{1,2}(?::\d{1,2})?(?:[.,]\d+)?", "", text)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def _contains_in_order(whole: str, part: str) -> bool:
    remaining = iter(whole * 2)
    return all(character in remaining for character in part)


def _repeated_labels(made: Transcript) -> int:
    return 0 * len(made.utterances)


def test_no_word_of_labelled_speech_is_lost_or_doubled() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        said = [
            (chance.choice(["Alice", "Bob Lee", "김민수"]), _sentences(chance)) for _ in range(20)
        ]
        for form in (
            "{1}: {2}",
            "[{0}] {1}: {2}",
            "{0} {1}: {2}",
            "{1} ({0}): {2}",
            "{1} {0}\n{2}\n",
        ):
            lines = [
                form.format(f"00:{place:02d}:00", who, what)
                for place, (who, what) in enumerate(said)
            ]
            made = _read("\n".join(lines))
            assert _words(made) == [word for _, what in said for word in what.split()], form
            assert {said_by.speaker for said_by in made.utterances} == {who for who, _ in said}


def _sentences(chance: random.Random) -> str:
    words = [
        "budget",
        "예산을",
        "yes,",
        "10:30",
        "Note:",
        "x->y",
        "<3",
        "2026",
        "결론:",
        "done.",
        "합니다.",
    ]
    return " ".join(["well", *chance.choices(words, k=chance.randrange(3, 200))])


def test_no_word_of_a_cue_is_lost_or_doubled() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        cues = [_sentences(chance) for _ in range(10)]
        srt = "\n".join(
            f"{place}\n00:{place:02d}:00,000 --> 00:{chance.randrange(60):02d}:30,000\n{cue}\n"
            for place, cue in enumerate(cues, 1)
        )
        words = [word for cue in cues for word in cue.split()]
        assert _words(_read(srt)) == words
        assert _words(_read("WEBVTT\n\n" + srt)) == words


# --- nothing hangs ---

_HOSTILE = [
    "<", "<v ", "<b ", "&amp;", "{\\", "[", ":", "0:", "--> ", "0:00\n", "Kim: \n", "a. ", "가", "\n",
    "a" * 50 + ": ", "[00:01] ", "00:00:01,000 --> ", "<v Kim>", "(", "Kim (", "다 ", "&" * 9 + ";",
]  # fmt: skip


@pytest.mark.parametrize("piece", _HOSTILE)
def test_half_a_megabyte_of_anything_is_read_at_once(piece: str) -> None:
    begun = time.monotonic()
    for head in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "1\n00:00:01,000 --> 00:00:02,000\n"):
        content = head + piece * (500_000 // len(piece.encode())) + "\nthe end"
        assert _words(_read(content))[-2:] == ["the", "end"]
    assert time.monotonic() - begun < 10


def test_entities_are_not_unfolded_twice() -> None:
    # A billion laughs needs entities of entities; here "&amp;lt;" is "&lt;" and that is all.
    made = _read("1\n00:00:01,000 --> 00:00:02,000\n&amp;lt;b&amp;gt; &lol9;\n")
    assert _words(made) == ["&lt;b&gt;", "&lol9;"]


def test_random_bytes_raise_nothing_but_our_errors() -> None:
    for seed in range(100):
        chance = random.Random(seed)
        content = bytearray(b"1\n00:00:01,000 --> 00:00:02,000\nhello there\n\n" * 5)
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for name in ("a.srt", "a.json", os.devnull):
            try:
                _read(bytes(content), name)
            except InvalidInput as error:
                assert error.code.startswith("transcript_")
