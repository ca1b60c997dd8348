"""ROUGE in English is the package's own; in Korean it compares morphemes."""

from __future__ import annotations

import pytest
from rouge_score.rouge_scorer import RougeScorer

from core.engines.korean import shared_korean
from evaluation.rouge import MEASURES, BilingualTokenizer, Rouge


@pytest.fixture(autouse=True, scope="module")
def _korean_ends_with_the_tests():  # type: ignore[no-untyped-def]
    yield
    shared_korean().release()


def test_english_is_scored_as_the_package_scores_it() -> None:
    reference = "The team decided on a yellow remote control with 2 buttons."
    summary = "They were deciding on remote controls: yellow, 2 buttons."
    theirs = RougeScorer(list(MEASURES), use_stemmer=True).score(reference, summary)
    ours = Rouge().f1(summary, reference=reference)
    assert ours == {measure: theirs[measure].fmeasure for measure in MEASURES}
    assert ours["rouge1"] > 0.5


def test_the_package_alone_gives_korean_nothing() -> None:
    text = "출시 일정을 정했다."
    assert RougeScorer(["rouge1"]).score(text, text)["rouge1"].fmeasure == 0


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        # the same words with other particles and endings are the same
        ("출시 일정과 예산", (1.0, 1.0, 1.0)),
        # 출시·일정·예산 against 일정·예산: recall 2/3, precision 1; one pair of two
        ("일정이나 예산만", (0.8, 2 / 3, 0.8)),
        # all words in another order: no pair is left, and one word in order
        ("예산의 일정의 출시", (1.0, 0.0, 1 / 3)),
        ("날씨와 점심", (0.0, 0.0, 0.0)),
    ],
)
def test_korean_is_scored_by_its_content_morphemes(
    summary: str, expected: tuple[float, float, float]
) -> None:
    scored = Rouge().f1(summary, reference="출시의 일정을, 예산을")
    assert tuple(scored[measure] for measure in MEASURES) == pytest.approx(expected)


def test_latin_words_and_figures_in_korean_keep_their_place() -> None:
    tokens = BilingualTokenizer().tokenize("예산은 API servers 3대에 배정했다")
    assert tokens.index("예산") < tokens.index("api") < tokens.index("server") < tokens.index("3")
    assert tokens[-1] == "배정"
