"""How large an entry may be, what is cleaned out of it, and when two are the same."""

from datetime import UTC, datetime

import pytest

from core.domain.memory import (
    HEARD_LIMIT,
    NOTE_LIMIT,
    SENTENCE_LIMIT,
    TERM_LIMIT,
    Entry,
    Kind,
    Remembered,
    Status,
    Told,
    checked,
    fingerprint,
)
from core.errors import InvalidInput

DAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kubernetes", "kubernetes", True),
        ("데이터 독", "데이터독", True),
        ("Kim leads sales", "Kim leads sales.", True),
        ("ＡＰＩ", "API", True),  # wide letters
        ("C", "C#", False),
        ("C++", "C", False),
        (".NET", "NET", False),
        ("김 팀장은 영업을 맡는다", "김 팀장은 영업을 맡지 않는다", False),
        ("회의가 있다", "회의가 없다", False),
        ("?!", "?", False),  # nothing but signs is compared as it is
    ],
)
def test_case_width_blanks_and_final_signs_make_no_other_entry(
    one: str, other: str, same: bool
) -> None:
    assert (fingerprint(Kind.FACT, one) == fingerprint(Kind.FACT, other)) is same


def test_a_fingerprint_fits_an_index_whatever_unicode_makes_of_the_text() -> None:
    unfolds = "\ufdfa" * SENTENCE_LIMIT  # one character that becomes eighteen
    assert len(fingerprint(Kind.FACT, unfolds).encode()) < 1000
    assert fingerprint(Kind.FACT, unfolds) != fingerprint(Kind.FACT, unfolds[1:])


def test_what_cannot_be_seen_is_left_out() -> None:
    words = checked(
        Kind.GLOSSARY, " Ku\u202eber\x00netes\n ", heard=["쿠버\u200b네스", "  "], note="a\tb\u2066"
    )
    assert (words.text, words.heard, words.note) == ("Kubernetes", ("쿠버네스",), "a b")


def test_forms_are_kept_once_and_the_term_itself_is_none() -> None:
    words = checked(Kind.GLOSSARY, "cache", heard=["cash", "Cash", "cache", "캐시"])
    assert words.heard == ("cash", "캐시")


def test_a_sentence_has_no_misheard_forms_and_no_meaning() -> None:
    words = checked(Kind.FACT, "Kim leads sales", heard=["x"], note="y")
    assert (words.heard, words.note) == ((), None)


@pytest.mark.parametrize(
    ("kind", "text", "more", "code", "count"),
    [
        (Kind.GLOSSARY, "!?", {}, "memory_text_empty", None),
        (Kind.FACT, " \u200b ", {}, "memory_text_empty", None),
        (Kind.GLOSSARY, "가" * (TERM_LIMIT + 1), {}, "memory_text_too_long", TERM_LIMIT + 1),
        (Kind.FACT, "가" * 50_000, {}, "memory_text_too_long", 50_000),
        (
            Kind.GLOSSARY,
            "a",
            {"heard": [f"b{n}" for n in range(HEARD_LIMIT + 1)]},
            "memory_heard_too_many",
            HEARD_LIMIT + 1,
        ),
        (Kind.GLOSSARY, "a", {"heard": ["b" * 81]}, "memory_heard_too_long", 81),
        (Kind.GLOSSARY, "a", {"note": "b" * (NOTE_LIMIT + 1)}, "memory_note_too_long", 161),
    ],
)
def test_what_is_too_much_is_refused_with_its_count(
    kind: Kind, text: str, more: dict, code: str, count: int | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(kind, text, **more)
    assert refused.value.code == code
    for language in ("ko", "en"):
        assert count is None or str(count) in refused.value.sentence(language)


def test_just_as_much_as_fits_is_taken() -> None:
    assert checked(Kind.FACT, "가" * SENTENCE_LIMIT).text
    assert checked(
        Kind.GLOSSARY,
        "가" * TERM_LIMIT,
        heard=[f"{n:080}" for n in range(HEARD_LIMIT)],
        note="a" * NOTE_LIMIT,
    ).note


def test_what_was_told_is_kept_with_its_words() -> None:
    entry = Entry(
        "e1", Kind.GLOSSARY, Status.ACTIVE, "Kubernetes", ("쿠버",), "where", {}, DAY, DAY
    )
    told = Told(Remembered(glossary=(entry,), left_out=2), ("Kubernetes (misheard as 쿠버)",))
    assert told.as_json() == {
        "entries": [
            {
                "entry_id": "e1",
                "kind": "glossary",
                "text": "Kubernetes",
                "heard": ["쿠버"],
                "note": "where",
                "date": "2026-11-22",
            }
        ],
        "terms": ["Kubernetes (misheard as 쿠버)"],
        "left_out": 2,
    }
    assert Told().as_json() == {}
