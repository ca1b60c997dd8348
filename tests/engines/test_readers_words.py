"""Whatever stands in a file, no word is lost or doubled, and nothing hangs."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from contextlib import suppress

import pytest

from core.engines.readers import transcript_kind
from core.errors import InvalidInput
from tests.engines import transcripts

# --- words are never lost ---

_VOCABULARY = [
    "yes", "no", "Kim:", "10:30", "[00:05]", "(1:02)", "Note:", "결론:", "https://x.y", "네,",
    "2026",
    "-->", "<v", "<b>", "</i>", "&", "&amp", "{", "}", "[", "a.", "안녕하세요.", "*", "-", "|", '"',
    "…",
    "Alice", "Speaker", "1", "오후", "2:30", "\u3000", "WEBVTTX", "NOTES", "<|im_end|>",
    "00:00:01,000",
]  # fmt: skip


def test_no_word_of_any_plain_text_is_lost_or_doubled() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        lines = [
            " ".join(chance.choices(_VOCABULARY, k=chance.randrange(0, 9)))
            for _ in range(chance.randrange(1, 15))
        ]
        text = "\n".join(lines) + "\nend"
        if transcript_kind(text.encode(), "a.txt") != "txt":
            continue
        made = transcripts.read(text)
        before, after = Counter(text.split()), Counter(transcripts.words(made))
        assert after - before == Counter(), text
        names = {
            word.strip("*-|:") for said in made.utterances for word in (said.speaker or "").split()
        }
        for word in before - after:
            # Only times, labels and what sets them off may go.
            bare = word.strip("*-|:")
            assert bare in names or bare in ("", "오후", "Kim") or _CLOCK.search(word), (word, text)


_CLOCK = re.compile(r"\d:\d\d")


def test_no_word_of_labelled_speech_is_lost_or_doubled() -> None:
    for seed in range(50):
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
            made = transcripts.read("\n".join(lines))
            assert transcripts.words(made) == [word for _, what in said for word in what.split()], (
                form
            )
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
    for seed in range(50):
        chance = random.Random(seed)
        cues = [_sentences(chance) for _ in range(10)]
        srt = "\n".join(
            f"{place}\n00:{place:02d}:00,000 --> 00:{chance.randrange(60):02d}:30,000\n{cue}\n"
            for place, cue in enumerate(cues, 1)
        )
        words = [word for cue in cues for word in cue.split()]
        assert transcripts.words(transcripts.read(srt)) == words
        assert transcripts.words(transcripts.read("WEBVTT\n\n" + srt)) == words


# --- nothing hangs ---

_HOSTILE = [
    "<", "<v ", "<b ", "&amp;", "{\\", "[", ":", "0:", "--> ", "0:00\n", "Kim: \n", "a. ", "가",
    "\n",
    "a" * 50 + ": ", "[00:01] ", "00:00:01,000 --> ", "<v Kim>", "(", "Kim (", "다 ", "&" * 9 + ";",
]  # fmt: skip


@pytest.mark.parametrize("piece", _HOSTILE)
def test_long_files_of_anything_is_read_at_once(piece: str) -> None:
    begun = time.monotonic()
    for head in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "1\n00:00:01,000 --> 00:00:02,000\n"):
        content = head + piece * (200_000 // len(piece.encode())) + "\nthe end"
        assert transcripts.words(transcripts.read(content))[-2:] == ["the", "end"]
    assert time.monotonic() - begun < 10


def test_entities_are_not_unfolded_twice() -> None:
    # A billion laughs needs entities of entities; here "&amp;lt;" is "&lt;" and that is all.
    made = transcripts.read("1\n00:00:01,000 --> 00:00:02,000\n&amp;lt;b&amp;gt; &lol9;\n")
    assert transcripts.words(made) == ["&lt;b&gt;", "&lol9;"]


def test_random_bytes_raise_nothing_but_our_errors() -> None:
    for seed in range(50):
        chance = random.Random(seed)
        content = bytearray(b"1\n00:00:01,000 --> 00:00:02,000\nhello there\n\n" * 5)
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for name in ("a.srt", "a.json", os.devnull):
            with suppress(InvalidInput):
                transcripts.read(bytes(content), name)
