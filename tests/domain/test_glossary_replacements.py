"""A misheard form that the person named becomes its term, however far they sound, and nothing else
comes with it."""

import pytest

from core.domain.corrections import Ground, Replacement, judge

HEARD = {
    "Kubernetes": ("쿠버네스", "큐브"),
    "박민호": ("박미노", "방민오"),
    "데이터독": ("data talk",),
    "GPT": ("지피티",),
    "지출": ("매출",),
    "6억": ("5억",),
}


def judged(said: str, before: str, after: str, **more: object) -> dict[str, int] | str:
    ground = Ground(texts={1: said}, terms=tuple(HEARD), heard=HEARD, **more)  # type: ignore[arg-type]
    result = judge([Replacement(1, before, after)], ground)
    return dict(result.refused) or result.taken[0].after


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("이번 주에 쿠버네스를 올립니다", "쿠버네스를", "Kubernetes를"),
        ("큐브", "큐브", "Kubernetes"),  # most of a short line
        ("그건 큐브가 맞습니다", "큐브가", "Kubernetes가"),
        ("박미노가 정리합니다", "박미노가", "박민호가"),  # a name
        ("방민오 님이 정리합니다", "방민오", "박민호"),
        ("data talk를 봅시다", "data talk를", "데이터독을"),  # the particle follows the sound
        ("We ask 지피티 about it", "지피티", "GPT"),
    ],
)
def test_what_the_glossary_names_is_taken(said: str, before: str, after: str) -> None:
    assert judged(said, before, after) == after


@pytest.mark.parametrize(
    ("said", "before", "after", "reason"),
    [
        ("큐브가 맞습니다", "큐브가", "Kubernetes는", "unlike"),  # another particle
        ("큐브와 합니다", "큐브와 합니다", "Kubernetes와 했습니다", "too_much"),  # and another word
        ("큐브를 봅니다", "큐브를", "데이터독을", "unlike"),  # another term's form
        ("매출이 늘었다", "매출이", "지출이", "meaning"),  # opposites, whoever names them
        ("예산은 5억입니다", "5억", "6억", "number"),
        ("큐브 큐브", "큐브", "Kubernetes", "ambiguous"),
        ("큐브를 봅니다", "규브", "Kubernetes", "not_found"),
    ],
)
def test_what_it_does_not_name_is_judged_as_ever(
    said: str, before: str, after: str, reason: str
) -> None:
    assert judged(said, before, after) == {reason: 1}


def test_a_persons_own_words_stay_even_where_a_form_stands_in_them() -> None:
    assert judged("큐브를 봅니다", "큐브", "Kubernetes", edited=frozenset({1})) == {"edited": 1}
    undone = frozenset({(1, "큐브", "Kubernetes")})
    assert judged("큐브를 봅니다", "큐브", "Kubernetes", undone=undone) == {"undone": 1}


def test_without_the_glossary_the_same_is_refused() -> None:
    plain = Ground(texts={1: "큐브를 봅니다"})
    assert judge([Replacement(1, "큐브", "Kubernetes")], plain).refused
