"""What a model may make of an edit or a message, and what is refused as a whole."""

import json

import pytest

from core.domain.kinds import ItemKind
from core.domain.learning_sentences import (
    Worded,
    in_own_words,
    is_about_form,
    is_like_any,
    parse_chat,
    parse_minutes,
)
from core.domain.memory import Kind
from core.domain.minutes import Coverage, Draft, Item
from core.domain.rewritten import rewritten

_TYPED = "Kim leads sales since 2021, and we write Ngoc, not Knock"


def chat(kind: str, text: str, *heard: str, typed: str = _TYPED) -> Worded | None:
    return parse_chat(json.dumps({"heard": heard, "kind": kind, "text": text}), typed=typed)


def preference(text: str, *, language: str = "en", names: tuple[str, ...] = ()) -> str | None:
    return parse_minutes(
        json.dumps({"about": "form", "text": text}),
        before="Kim ships the beta on 2026-11-22.",
        after="Kim ships the beta on 22 November.",
        language=language,
        names=names,
    )


def test_what_was_typed_may_be_worded() -> None:
    assert chat("fact", "Kim has led sales since 2021.") == Worded(
        Kind.FACT, "Kim has led sales since 2021."
    )
    assert chat("glossary", "Ngoc", "Knock") == Worded(Kind.GLOSSARY, "Ngoc", ("Knock",))
    assert chat("nothing", "") is None


@pytest.mark.parametrize(
    ("kind", "text", "heard"),
    [
        ("fact", "Kim leads sales since 2022.", ()),  # a number
        ("fact", "Kim and Lee lead sales since 2021.", ()),  # a name
        ("fact", "The budget is approved.", ()),  # another matter
        ("fact", "", ()),
        ("glossary", "Nguyen", ()),
        ("glossary", "Ngoc", ("Nock it",)),
        ("glossary", "N" * 90, ()),
        ("opinion", "Kim leads sales.", ()),
    ],
)
def test_what_was_not_typed_is_refused(kind: str, text: str, heard: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (which one does not matter: it is no answer)
        chat(kind, text, *heard)


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"kind": "fact"}', "null", '{"about": 1}'])
def test_no_answer_is_refused(answer: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_chat(answer, typed=_TYPED)
    with pytest.raises(ValueError):  # noqa: PT011
        parse_minutes(answer, before="a", after="b", language="en")


def test_how_it_is_written_is_a_preference() -> None:
    assert preference("I want dates as “22 November”.") == "I want dates as “22 November”."
    about_content = json.dumps({"about": "content", "text": "Kim ships."})
    assert parse_minutes(about_content, before="a", after="b", language="en") is None


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("The beta ships on 22 November.", "en", ()),  # a fact
        ("I want Kim named first.", "en", ()),  # a name that stands there
        ("I want Lee named first.", "en", ("Lee",)),  # a name of who spoke
        ("I want dates as “22 November”.", "ko", ()),
        ("I want dates written like that. " * 10, "en", ()),
    ],
)
def test_what_was_said_is_no_preference(text: str, language: str, names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        preference(text, language=language, names=names)


@pytest.mark.parametrize(
    ("kind", "one", "other", "like"),
    [
        (Kind.FACT, "Kim leads sales.", "Kim is leading the sales", True),
        (Kind.FACT, "Kim leads sales.", "Kim leads marketing.", False),
        (Kind.FACT, "Kim leads sales.", "Kim does not lead sales.", False),
        (Kind.FACT, "예산은 3억이다", "예산은 5억이다", False),
        (Kind.PREFERENCE, "날짜는 짧게 써 주세요.", "날짜를 짧게 써 주세요", True),
        (Kind.GLOSSARY, "쿠버네티스", "쿠버네티즈", True),
        (Kind.GLOSSARY, "쿠버네티스", "레디스", False),
    ],
)
def test_the_same_in_other_words_is_known(kind: Kind, one: str, other: str, like: bool) -> None:
    assert is_like_any(kind, one, ["anything", other]) is like


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kim leads sales", Kind.FACT),
        ("I want short answers", Kind.PREFERENCE),
        ("날짜는 “11월 22일”처럼 표기", Kind.PREFERENCE),
        ("고객사는 나래텍이다", Kind.FACT),
    ],
)
def test_own_words_are_typed_by_simple_rules(text: str, kind: Kind) -> None:
    assert in_own_words(f" {text} ") == Worded(kind, text)
    assert is_about_form(text) is (kind is Kind.PREFERENCE)


def test_pieces_that_were_written_anew_are_named() -> None:
    item = Item(kind=ItemKind.ACTION, text="Ship it", owner="Kim")
    other = Item(kind=ItemKind.ACTION, text="Ship it", owner="Lee")
    coverage = Coverage(utterances_read=1, utterances_total=1)
    base = Draft(items=(item, item), summary="One.", coverage=coverage, engine="e")
    changed = Draft(items=(item, other), summary="Two.", coverage=coverage, engine="e")
    fewer = Draft(items=(item,), summary="One.", coverage=coverage, engine="e")
    assert rewritten(base, changed) == [
        ("summary", "One.", "Two."),
        ("item 1", "Ship it\nKim", "Ship it\nLee"),
    ]
    assert rewritten(base, fewer) == []
