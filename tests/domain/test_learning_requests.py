"""Messages that need no answer, and all that do: measured on sentences that were written first."""

from collections.abc import Callable, Sequence

import pytest

from core.domain.learning_cues import Cue, told_in
from core.domain.learning_requests import nothing_but
from core.domain.memory import SENTENCE_LIMIT
from tests.domain import keeping_sentences as said

Record = Callable[[str, object], None]


def is_wish(sentence: str) -> bool:
    told = told_in(sentence)
    return told is not None and told.cue is Cue.FROM_NOW_ON


def is_only_kept(sentence: str) -> bool:
    return nothing_but(sentence) is not None


@pytest.mark.parametrize(
    ("judge", "yes", "no", "recall"),
    [
        (is_only_kept, said.ONLY_KO, said.ANSWER_KO, 0.95),
        (is_only_kept, said.ONLY_EN, said.ANSWER_EN, 0.95),
        (is_only_kept, said.LATER_ONLY, said.LATER_ANSWER, 0.9),
        (is_wish, said.WISHES_KO, said.ONE_ANSWER_KO, 0.95),
        (is_wish, said.LATER_WISHES, said.LATER_ONE_ANSWER, 0.7),
    ],
    ids=["korean", "english", "later", "wishes", "later wishes"],
)
def test_no_question_is_taken_for_something_to_keep(
    judge: Callable[[str], bool],
    yes: Sequence[str],
    no: Sequence[str],
    recall: float,
    record_property: Record,
) -> None:
    found = [one for one in yes if judge(one)]
    wrong = [one for one in no if judge(one)]
    record_property("recall", round(len(found) / len(yes), 3))
    record_property("precision", round(len(found) / (len(found) + len(wrong)), 3))
    assert wrong == []
    assert len(found) >= recall * len(yes), set(yes) - set(found)


def test_there_are_twenty_sentences_of_each_kind_in_both_languages() -> None:
    for sentences in (said.ONLY_KO, said.ONLY_EN, said.ANSWER_KO, said.ANSWER_EN):
        assert len(set(sentences)) == len(sentences) >= 20
    assert min(len(said.WISHES_KO), len(said.ONE_ANSWER_KO)) >= 20


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("기억해 줘: 김 팀장은 영업을 맡는다", "김 팀장은 영업을 맡는다"),
        (
            "김 팀장은 영업을 맡고 있어. 이 대리는 개발이야. 둘 다 기억해 줘.",
            "김 팀장은 영업을 맡고 있어. 이 대리는 개발이야.",
        ),
        ("Kim leads sales. Remember that. Thanks!", "Kim leads sales."),
        ("Remember that Kim leads sales. Lee is new.", "Kim leads sales. Lee is new."),
        ("안녕! 우리 팀 이름은 나래야. 기억해 줘. 고마워", "우리 팀 이름은 나래야."),
        ("앞으로 존댓말로 답해 줘", "앞으로 존댓말로 답해 줘"),
    ],
)
def test_all_that_was_said_is_kept_and_nothing_else(typed: str, text: str) -> None:
    told = nothing_but(typed)
    assert told is not None
    assert told.text == text


def test_what_a_speaker_of_the_meeting_said_is_not_the_persons() -> None:
    typed = "김지수: 예산은 5억이라고 기억해 줘"
    assert nothing_but(typed)
    assert nothing_but(typed, speakers=["김지수"]) is None


def test_more_than_an_entry_holds_is_answered_instead_of_cut() -> None:
    fitting = "Remember that Kim " + "really " * 30 + "leads sales."
    assert nothing_but(fitting)
    assert nothing_but(fitting.replace("really", "really " * 2)) is None
    assert len(fitting) < SENTENCE_LIMIT
