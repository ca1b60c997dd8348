"""What an edit teaches: names and terms that were misheard, and nothing else."""

from collections.abc import Sequence

import pytest

from core.domain.learning import Around, Misheard, Standing, exchanged, misheard
from core.domain.learning_words import bare, is_marked, sounds_apart

_COMMON = ("회의", "결재", "결제", "품질", "미팅", "회사", "견적")


def dictionary(words: Sequence[str]) -> list[Standing | None]:
    return [Standing.COMMON if word in _COMMON else Standing.UNKNOWN for word in words]


def nothing_known(words: Sequence[str]) -> list[Standing | None]:
    return [None] * len(words)


def learned(before: str, after: str, **around: object) -> list[tuple[str, str]]:
    found = misheard(before, after, around=Around(**around), standings=dictionary)  # type: ignore[arg-type]
    return [(one.term, one.heard) for one in found]


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        # Particles go, on both sides and in both forms.
        ("쿠버네틱을 쓰고 있어요", "쿠버네티스를 쓰고 있어요", ("쿠버네티스", "쿠버네틱")),
        ("그건 젠킨슨이 합니다", "그건 젠킨스가 합니다", ("젠킨스", "젠킨슨")),
        ("저는 “지라”에서 봤어요", "저는 “Jira”에서 봤어요", ("Jira", "지라")),
        # An ending that belongs to the name stays.
        ("결제는 카카오패이 연동으로", "결제는 카카오페이 연동으로", ("카카오페이", "카카오패이")),
        # Read out in letters.
        ("에스엘에이 기준을 봅시다", "SLA 기준을 봅시다", ("SLA", "에스엘에이")),
        ("에스쓰리 버킷을 만들어요", "S3 버킷을 만들어요", ("S3", "에스쓰리")),
    ],
)
def test_a_term_is_learned(before: str, after: str, pair: tuple[str, str]) -> None:
    assert learned(before, after) == [pair]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("품질을 봅시다", "품질를 봅시다"),  # a particle
        ("회사 미팅이 있어요", "회사 회의가 있어요"),  # another word
        ("지우가 합니다 오늘요", "김지우가 합니다 오늘요"),  # a name made whole
        ("Postgres 설정이요", "PostgreSQL 설정이요"),
        ("큐쓰리 목표입니다", "Q3 목표입니다"),  # a time
        ("5km 떨어져 있어요", "50km 떨어져 있어요"),
        ("삼월에 봅시다 그럼", "사월에 봅시다 그럼"),
        ("김지후 과장과 김지후 대리가", "김지우 과장과 김지후 대리가"),  # two people
        ("개발팀 김민수 님이요", "개발팀 김민지 님이요"),
        ("then we ask Kim", "then we ask Tim"),
        ("A안으로 합시다", "B안으로 합시다"),
        ("QA팀이 봅니다", "QE팀이 봅니다"),
        ("그건 박민호 과장이 합니다", "그건 최유진 과장이 합니다"),  # somebody else
        ("Grammar is hard here", "Gramma is hard here"),  # a capital at the head tells nothing
        ("the new plan is good", "the knew plan is good"),
        ("a", "b"),
        ("", "쿠버네티스"),
        ("쿠버네티스", ""),
        ("하나 둘 셋 넷 다섯 여섯 일곱", "가나 다라 마바 사아 자차 카타 파하"),
    ],
)
def test_nothing_is_learned(before: str, after: str) -> None:
    assert learned(before, after) == []


def test_without_a_dictionary_only_what_is_sure_is_learned() -> None:
    around = Around()
    for before, after, sure in (
        ("김치우 대리가 합니다", "김지우 대리가 합니다", True),
        ("지라에 적어요", "Jira에 적어요", True),
        ("나래택이 합니다", "나래텍이 합니다", False),
    ):
        found = misheard(before, after, around=around, standings=nothing_known)
        assert bool(found) is sure, after


def test_who_spoke_is_known_by_name() -> None:
    before, after = "그건 한서라가 해요", "그건 한소라가 해요"
    known = misheard(before, after, around=Around(speakers=("한소라",)), standings=nothing_known)
    assert known == (Misheard("한소라", "한서라"),)
    # But where both were there, somebody else was meant.
    assert not learned(before, after, speakers=("한소라", "한서라"))
    # A term of the glossary is no mishearing of another.
    assert not learned(before, after, terms=("한서라",))


def test_a_capital_at_the_head_counts_where_the_meeting_has_the_name_elsewhere() -> None:
    before, after = "Griffana has the alerts", "Grafana has the alerts"
    assert not learned(before, after)
    assert learned(before, after, texts=("I like Grafana a lot.",)) == [("Grafana", "Griffana")]


def test_what_was_exchanged_before_counts_twice() -> None:
    pair = ("결재 화면입니다", "결제 화면입니다")
    assert not learned(*pair)
    assert learned(*pair, made=(Misheard("결제", "결재"),)) == [("결제", "결재")]
    # Not what sounds otherwise, and no slip in a common word.
    assert not learned("미팅 화면입니다", "회의 화면입니다", made=(Misheard("회의", "미팅"),))
    assert not learned("견젹 화면입니다", "견적 화면입니다", made=(Misheard("견적", "견젹"),))


def test_markdown_and_citations_are_no_words() -> None:
    before = "- **나래택**과 계약한다 [12]\n- 예산을 정한다 [3]"
    after = "- **나래텍**과 계약한다 [12][13]\n- 예산을 정한다 [3]"
    assert learned(before, after) == [("나래텍", "나래택")]


def test_everything_exchanged_is_told_unjudged() -> None:
    assert exchanged("결재 화면입니다", "결제 화면입니다") == (Misheard("결제", "결재"),)
    assert exchanged("같은 말", "같은 말") == ()


@pytest.mark.parametrize(
    ("heard", "meant", "both"),
    [
        ("나래택이랑", "나래텍이랑", ("나래택", "나래텍")),
        ("(지라)에서는", "(Jira)에서는", ("지라", "Jira")),
        ("김치우님이", "김지우님이", ("김치우", "김지우")),
        ("김치우대리가", "김지우대리가", ("김치우", "김지우")),
        ("김하는", "김하은", ("김하는", "김하은")),  # 은 follows no vowel
        ("피그만에", "피그마에", ("피그만", "피그마")),
        ("C+", "C++", ("C+", "C++")),
    ],
)
def test_words_are_taken_out_of_their_particles(
    heard: str, meant: str, both: tuple[str, str]
) -> None:
    assert bare(heard, meant) == both


def test_letters_may_be_read_out() -> None:
    assert sounds_apart("에이피아이", "API") == 0
    assert sounds_apart("회의록", "API") > 0.5


@pytest.mark.parametrize(
    ("word", "marked"),
    [
        ("GitHub", True),
        ("CI/CD", True),
        ("K8s", True),
        ("Kim", False),
        ("회의", False),
        ("12", False),
    ],
)
def test_terms_are_known_by_how_they_are_written(word: str, marked: bool) -> None:
    assert is_marked(word) is marked
