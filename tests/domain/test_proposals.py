"""Asking, proposing and putting off are no decisions."""

import pytest

from core.domain.proposals import is_told_as_decision, only_proposed


@pytest.mark.parametrize(
    ("cited", "following", "proposed"),
    [
        (["Should we offer phone support?"], ["It'd be a nice thing to have."], True),
        (["Should we offer phone support?"], ["Yes, let's do that."], False),
        (["Could we release it on the 30th?"], ["We could.", "Hmm. I take that back."], True),
        (["Let's go with version two. When can it go live?"], [], False),
        (["Launch on the tenth, agreed?"], [], False),
        (["보안팀에서 180일로 늘려 달라고 합니다."], ["결정은 다음 회의에서 하죠."], True),
        (["담당자가 한 명 더 있으면 좋겠는데요."], ["인원은 따로 봐야죠."], True),
        (["두 시간까지 무료로 하면 어때요"], ["네 그렇게 하시죠"], False),
        (["출시는 십일로 합시다"], [], False),
        (["온보딩은 세 단계로 가는 걸로 하죠."], [], False),
        (["누가 갈지는 아직 안 정했어요."], [], True),
        # neither asks nor settles
        (["The pricing page goes live on November third."], ["Support is still open."], False),
    ],
)
def test_only_what_is_settled_or_assented_to_is_decided(
    cited: list[str], following: list[str], proposed: bool
) -> None:
    assert only_proposed(cited, following) is proposed


@pytest.mark.parametrize(
    ("claim", "decision"),
    [
        ("The team decided to launch.", True),
        ("보관 기간을 늘리기로 결정했습니다.", True),
        ("보관 기간은 다음 회의에서 정하기로 했습니다.", False),
        ("The beta has forty users.", False),
    ],
)
def test_a_sentence_that_tells_a_decision(claim: str, decision: bool) -> None:
    assert is_told_as_decision(claim) is decision
