"""Which entries matter to a meeting, by the words that were said, and how many have room."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.domain.memory import Entry, Kind, Status, Term
from core.domain.memory_matching import Match, matching
from core.domain.memory_relevance import SURE_TERMS, chosen, for_text, hotwords

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def entry(
    number: int,
    text: str,
    *heard: str,
    kind: Kind = Kind.GLOSSARY,
    used: int | None = None,
    note: str | None = None,
) -> Entry:
    at = DAY + timedelta(days=number)
    used_at = None if used is None else DAY + timedelta(days=used)
    return Entry(f"e{number:05}", kind, Status.ACTIVE, text, heard, note, {}, at, at, used_at)


def how(term: str, *heard: str, said: str) -> Match | None:
    return matching([Term(term, heard)], said).get(0)


@pytest.mark.parametrize(
    ("term", "heard", "said"),
    [
        ("Kubernetes", (), "we moved to kubernetes last week"),
        ("Kubernetes", (), "Kubernetes's nodes"),
        ("API", (), "API를 바꿨습니다"),
        ("쿠버네티스", (), "쿠버네티스에서는 됩니다."),
        ("데이터독", (), "데이터 독을 봅시다"),  # written apart
        ("data dog", (), "the datadog page"),  # written together
        ("결제 모듈", (), "결제모듈이 늦습니다"),
        ("쿠버네티스", (), "쿠버네티스팀이 합니다"),  # at the head of a longer word
        ("서울로", (), "서울로에서 만나요"),  # ends like a particle
        ("Project Blue Moon of the North", (), "about project blue moon of the north, yes"),
    ],
)
def test_a_term_occurs_whatever_its_case_spacing_and_particle(
    term: str, heard: tuple[str, ...], said: str
) -> None:
    assert how(term, *heard, said=said) == Match(True)


def test_a_misheard_form_occurs_and_is_named() -> None:
    assert how("Kubernetes", "큐버", "쿠버네스", said="쿠버네스를 씁니다") == Match(
        True, ("쿠버네스",)
    )


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("결제", "결재 모듈이"),  # they sound the same
        ("결제 모듈", "결재 모듈이"),
        ("Kubernetes", "쿠버네티스를 씁니다"),  # in the other script
        ("cache", "clear the cash"),
        ("박민호", "박민오 씨"),
    ],
)
def test_a_term_that_sounds_like_something_said_matters_too(term: str, said: str) -> None:
    assert how(term, said=said) == Match(False)


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("Kubernetes", "우리는 예산을 봅니다"),
        ("매출", "지출이 늘었다"),
        ("AI", "said again"),
        ("이사", "이사회가"),  # another word, and too short to be sure of
        ("Terraform", "terrible form"),
    ],
)
def test_what_was_not_said_does_not_matter(term: str, said: str) -> None:
    assert how(term, said=said) is None


def test_what_occurs_comes_before_what_sounds_alike_and_then_what_was_used_last() -> None:
    terms = [
        entry(1, "결제", used=9),  # sounds like 결재
        entry(2, "Redis", used=1),
        entry(3, "Kafka", used=5),
        entry(4, "Oracle"),
        entry(5, "Spark"),  # not said
    ]
    said = "결재는 redis와 kafka와 oracle로"
    budgets = [10, 17, 20, 24]
    kept = [
        {one.text for one in chosen(terms, words=said, budget=budget).glossary}
        for budget in budgets
    ]
    assert kept == [
        {"Kafka"},
        {"Kafka", "Redis"},
        {"Kafka", "Redis", "Oracle"},
        {"Kafka", "Redis", "Oracle", "결제"},
    ]
    assert chosen(terms, words=said, budget=10).left_out == 3
    assert chosen(terms, words=said, budget=30).left_out == 0


def test_the_first_terms_are_told_by_name_where_there_is_room_for_no_more() -> None:
    terms = [entry(n, f"Term{n:02}", "x" * 60, note="n" * 100) for n in range(SURE_TERMS + 10)]
    said = " ".join(one.text for one in terms)
    facts = [entry(100 + n, f"Fact {n} " + "f" * 200, kind=Kind.FACT) for n in range(10)]
    told = chosen([*terms, *facts], words=said, budget=400)
    assert len(told.glossary) >= SURE_TERMS
    assert {one.heard for one in told.glossary} == {(), ("x" * 60,)}
    assert told.left_out == 40 - len(told.entries)


def test_preferences_come_before_facts_and_facts_that_share_words_before_others() -> None:
    entries = [
        entry(1, "Kim leads sales", kind=Kind.FACT),
        entry(2, "The moon is far away", kind=Kind.FACT),
        entry(3, "Short sentences please", kind=Kind.PREFERENCE),
    ]
    told = chosen(entries, words="what did Kim sell", budget=75)
    assert [one.text for one in told.preferences] == ["Short sentences please"]
    assert [one.text for one in told.facts] == ["Kim leads sales"]
    assert told.left_out == 1


@pytest.mark.parametrize(
    ("many", "few"), [(Kind.PREFERENCE, Kind.FACT), (Kind.FACT, Kind.PREFERENCE)]
)
def test_no_kind_takes_the_room_of_another_that_has_entries_left_out(many: Kind, few: Kind) -> None:
    crowd = [entry(n, f"sentence {n:03}", kind=many) for n in range(100)]  # 26 each
    others = [entry(200 + n, f"another {n:03} ", kind=few) for n in range(100)]
    terms = [entry(400 + n, f"term{n:04}") for n in range(100)]
    said = " ".join(one.text for one in terms)

    def counts(*entries: Entry) -> dict[Kind, int]:
        told = chosen(entries, words=said, budget=1000)
        assert told.left_out == len(entries) - len(told.entries)
        return {kind: sum(one.kind is kind for one in told.entries) for kind in Kind}

    alone = counts(*crowd)
    assert alone[many] == 1000 // 26  # what nobody else wants
    both = counts(*crowd, *others)
    assert both == {Kind.GLOSSARY: 0, many: 19, few: 19}
    with_few = counts(*crowd, *others[:3])
    assert (with_few[few], with_few[many]) == (3, (1000 - 3 * 26) // 26)
    all_of_them = counts(*crowd, *others, *terms)
    assert all_of_them[Kind.GLOSSARY] >= 500 // 9
    assert {all_of_them[many], all_of_them[few]} <= {9, 10}


def test_what_is_told_stands_the_oldest_first() -> None:
    entries = [entry(n, f"term{n}", used=20 - n) for n in (3, 1, 2)]
    told = chosen(entries, words="term1 term2 term3", budget=1000)
    assert [one.text for one in told.glossary] == ["term1", "term2", "term3"]


def test_a_stretch_is_given_only_its_own_terms_in_their_order() -> None:
    terms = [Term("Kafka"), Term("Redis", ("레디쉬",)), Term("Oracle")]
    assert for_text(terms, "oracle과 레디쉬", budget=1000, count=len) == [terms[1], terms[2]]
    assert for_text(terms, "oracle", budget=7, count=len) == [terms[2]]
    assert for_text(terms, "oracle", budget=6, count=len) == []


def test_a_few_hotwords_are_named_those_in_the_title_first() -> None:
    terms = [entry(n, f"Word{n:03}", used=n) for n in range(200)]
    named = hotwords(terms, about="word007 회의")
    assert named is not None
    words = named.split(", ")
    assert words[0] == "Word007"
    assert "Word199" in words
    assert len(words) == 20
    assert len(named.encode()) <= 223  # a token of Whisper's is one byte at least


def test_hotwords_in_hangul_fit_as_well_and_stay_the_same_when_used() -> None:
    terms = [entry(n, "가나다라마바사" + chr(0xAC00 + n)) for n in range(50)]
    named = hotwords(terms, about="회의")
    assert named is not None
    assert len(named.encode()) <= 223
    few = [entry(1, "Kafka", used=1), entry(2, "Redis", used=2)]
    used = [entry(1, "Kafka", used=5), entry(2, "Redis", used=2)]
    assert hotwords(few, about="") == hotwords(used, about="") == "Kafka, Redis"
    assert hotwords([], about="회의") is None


def test_ten_thousand_terms_are_found_by_an_index_and_not_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """40 000 words take one to three seconds in all (a stopwatch would say the machine's load, so
    what is counted is how often two words are compared by their sound)."""
    import core.domain.memory_matching as module

    chance = random.Random(3)
    syllables = [chr(0xAC00 + chance.randrange(11172)) for _ in range(600)]

    def word() -> str:
        return "".join(chance.choice(syllables) for _ in range(chance.randint(2, 5)))

    words = [word() for _ in range(1000)]
    said = " ".join(chance.choice(words) for _ in range(4000))
    terms = [Term(word()) for _ in range(10_000)]
    compared = 0
    original = module.unlikeness

    def counted(one: str, other: str) -> float:
        nonlocal compared
        compared += 1
        return original(one, other)

    monkeypatch.setattr(module, "unlikeness", counted)
    module._sounds_like.cache_clear()
    matching(terms, said)
    assert compared < 20_000  # of ten million pairs
