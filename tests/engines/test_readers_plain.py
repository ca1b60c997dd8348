"""Plain text: who speaks and when, and what only looks like it."""

from __future__ import annotations

import pytest

from core.engines.readers.sentences import LONGEST_UTTERANCE
from core.engines.readers.timing import parse_clock
from tests.engines import transcripts

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
     [(None, "We talked."), (None, "Then one said: fine."), (None, "We left."),
     (None, "It rained.")]),
    ("안건 1: 예산\n안건 2: 일정\n안건 1: 다시",
     [(None, "안건 1: 예산"), (None, "안건 2: 일정"), (None, "안건 1: 다시")]),
    ("Question 1: who?\nQuestion 2: when?",
     [(None, "Question 1: who?"), (None, "Question 2: when?")]),
    ("09:30 works for me", [(None, "09:30 works for me")]),
    ("Ratio 3:1\nRatio 4:1", [(None, "Ratio 3:1"), (None, "Ratio 4:1")]),
    ("C:\\temp\nD:\\data", [(None, "C:\\temp"), (None, "D:\\data")]),
    ("10:30 works for me\nMeeting starts at 10:30\nDone by 12:00",
     [(None, "10:30 works for me"), (None, "Meeting starts at 10:30"), (None, "Done by 12:00")]),
    # a sentence broken at the margin of an old e-mail

        ("We went through all the numbers of the last quarter and\nfound nothing odd.\nNext.",
     [(None, "We went through all the numbers of the last quarter and found nothing odd."),
      (None, "Next.")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), _PLAIN)
def test_speakers_in_plain_text(text: str, said: list[tuple[str | None, str]]) -> None:
    made = transcripts.read(text)
    assert transcripts.said(made) == said
    assert made.duration is None


_TIMED = [
    ("[00:00:05] Alice: hi", [(5.0, None, "Alice", "hi")]),
    ("00:00:07 Bob: yo", [(7.0, None, "Bob", "yo")]),
    ("(00:09) Carol: hey", [(9.0, None, "Carol", "hey")]),
    ("Dan (00:00:11): hm", [(11.0, None, "Dan", "hm")]),
    ("Dan (00:11): hm", [(11.0, None, "Dan", "hm")]),
    ("[00:12.5 - 00:14,25] tail", [(12.5, 14.25, None, "tail")]),
    ("[00:00:01.000 --> 00:00:02.000]  whisper's own print",
     [(1.0, 2.0, None, "whisper's own print")]),
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

        ("제목\n2026.03.05 목 오후 2:00\n\n참석자 1 00:00\n안녕하세요\n\n참석자 2 00:12\n네\n두 줄",
     [(None, None, None, "제목"), (None, None, None, "2026.03.05 목 오후 2:00"),
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
    ("00:05 Alice\nHello\n\n00:10 Bob\nHi",
     [(5.0, None, "Alice", "Hello"), (10.0, None, "Bob", "Hi")]),
    # Teams, copied from the browser
    ("Kim Minsu\n0:05\nhi\n\nLee\n0:10\nhello",
     [(5.0, None, "Kim Minsu", "hi"), (10.0, None, "Lee", "hello")]),
    ("화자 1\n00:00\n안녕\n\n화자 2\n00:05\n네",
     [(0.0, None, "화자 1", "안녕"), (5.0, None, "화자 2", "네")]),
    # Google Meet: a time between the speeches
    ("Alice: hi\nBob: yo\n\n00:05:00\n\nBob: fine",
     [(None, None, "Alice", "hi"), (None, None, "Bob", "yo"), (300.0, None, "Bob", "fine")]),
    # Zoom's chat
    ("00:02:15 From Alice to Everyone: hello\n00:02:40 From Bob to Everyone:\n\tlink",
     [(135.0, None, "Alice", "hello"), (160.0, None, "Bob", "link")]),
    # times of day are no places in a recording
    ("김철수 오후 2:30\n안녕하세요\n이영희 오후 2:31\n네",
     [(None, None, "김철수", "안녕하세요"), (None, None, "이영희", "네")]),
    ("Alice 10:30 AM\nhi\nBob 10:31 AM\nyo",
     [(None, None, "Alice", "hi"), (None, None, "Bob", "yo")]),
    # a time and its words apart
    ("[00:05]\n\nHello\n\n[00:09]\nBye", [(5.0, None, None, "Hello"), (9.0, None, None, "Bye")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), _TIMED)
def test_times_in_plain_text(
    text: str, rows: list[tuple[float | None, float | None, str | None, str]]
) -> None:
    assert transcripts.rows(transcripts.read(text)) == rows


_CLOCKS = [
    ("1:02:03", 3723.0), ("01:02:03.5", 3723.5), ("01:02:03,250", 3723.25), ("02:03", 123.0),
    ("99:59", 5999.0), ("100:00:00", 360000.0), ("100:00:01", None), ("00:60", None),
    ("00:60:00", None), ("-1:00", None), ("", None), ("12", None), ("1:2:3:4", None), ("a:b", None),
    ("٠١:٠٢", None), ("99999:00", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), _CLOCKS)
def test_clocks(text: str, seconds: float | None) -> None:
    assert parse_clock(text) == seconds


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
    made = transcripts.read(f"[00:05] Alice: {text}\n[09:00] Bob: ok")
    pieces = made.utterances[:-1]
    assert len(pieces) > 1
    assert all(len(piece.text) <= LONGEST_UTTERANCE for piece in pieces)
    assert [word for piece in pieces for word in piece.text.split()] == text.split()
    assert {piece.speaker for piece in pieces} == {"Alice"}
    # When the later pieces were said is not known.
    assert [piece.start for piece in pieces] == [5.0] + [None] * (len(pieces) - 1)


def test_cuts_are_at_sentence_ends() -> None:
    for piece in transcripts.read(_LONG[0]).utterances + transcripts.read(_LONG[1]).utterances:
        assert piece.text.endswith(".")
    for piece in transcripts.read(_LONG[4]).utterances:
        assert piece.text.endswith("town.")


def test_short_speeches_and_cues_are_left_whole() -> None:
    text = "x" * 300 + ". " + "y" * 250
    assert len(transcripts.read(text).utterances) == 1
    long_cue = _LONG[0]
    assert len(transcripts.read(f"1\n00:00:01,000 --> 00:00:02,000\n{long_cue}\n").utterances) == 1
