"""Transcript files: what they are by their bytes, every word kept, nothing hangs."""

from __future__ import annotations

import json
import random
import unicodedata

import pytest

from core.engines.readers import LARGEST_BYTES, transcript_kind
from core.errors import InvalidInput
from tests.engines import transcripts

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
        assert transcripts.rows(transcripts.read(json.dumps(data), name)) == rows


def test_escapes_in_json_bring_no_broken_characters() -> None:
    made = transcripts.read(
        '[{"text": "a\\u0000b \\ud800 \\ud83d\\ude00", "speaker": "K\\u0007im"}]'
    )
    assert transcripts.said(made) == [("Kim", "ab \ufffd 😀")]
    made.utterances[0].text.encode()


def test_a_translation_is_in_the_language_of_its_letters() -> None:
    # Whisper names the language it heard, also where it was told to translate.
    assert (
        transcripts.read('{"language": "ko", "segments": [{"text": "Good morning"}]}').language
        == "en"
    )
    assert (
        transcripts.read('{"language": "korean", "segments": [{"text": "안녕하세요"}]}').language
        == "ko"
    )
    assert (
        transcripts.read('{"language": "ja", "segments": [{"text": "おはよう"}]}').language == "ja"
    )


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
    assert transcripts.read(text.encode(encoding)) == transcripts.read(text)


def test_korean_beyond_ksx1001_is_read_from_cp949() -> None:
    text = (
        "김민수: 펲시콜라와 똠방각하 이야기를 했습니다\n이영희: 네 그렇게 정리하고 다음으로 가시죠"
    )
    assert transcripts.read(text.encode("cp949")) == transcripts.read(text)


def test_decomposed_korean_is_composed() -> None:
    text = "안녕하세요 회의를 시작합니다"
    assert transcripts.said(transcripts.read(unicodedata.normalize("NFD", text))) == [(None, text)]


_WESTERN = [
    "Alice: the café’s “naïve” plan – don’t\nBob: yes it’s fine",
    "Señor Núñez said the façade costs €500.",
    "It’s what we’ve agreed. That’s all we’ll say; they’re done.",
    "Jürgen: Das müssen wir prüfen.\nZoë: Großartig, natürlich.",
]


@pytest.mark.parametrize("text", _WESTERN)
def test_windows_1252_is_read(text: str) -> None:
    assert transcripts.read(text.encode("cp1252")) == transcripts.read(text)


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
        transcripts.read(content)
    assert caught.value.code == "transcript_encoding"
    assert transcript_kind(content, "a.txt") is None


def test_a_file_cut_in_the_middle_of_a_letter_is_read() -> None:
    text = "회의를 시작하겠습니다. 예산은 오백만 원입니다"
    for encoding in ("utf-8", "cp949"):
        made = transcripts.read(text.encode(encoding)[:-1])
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
    (b"[00:01] hi", "a.json", "json"),  # begins as JSON may, and is called so
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
    for seed in range(100):
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
        transcripts.read(content, name)
    assert caught.value.code == code
    for language in ("ko", "en"):
        assert name in caught.value.sentence(language)


def test_a_file_beyond_all_meetings_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        transcripts.read(b"a " * (LARGEST_BYTES // 2 + 1))
    assert caught.value.code == "transcript_too_large"
    assert "50 MB" in str(caught.value)
