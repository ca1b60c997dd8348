"""A claim that turns its lines round is found; one that tells them in other words is not."""

import pytest

from core.domain.polarity import contradicts

_MOVES = "Then let's decide: the export moves to November tenth. Anyone against that? No? Good."
_STAYS = "저희는 27일 출시를 그대로 유지하기로 했습니다."
_LATER = "앱 출시일은 11월 3일로 미루는 걸로 결정하겠습니다."
_MORE = "8월보다 문의가 12퍼센트 늘었습니다."


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        # a negation that the line lacks
        ("The export does not move to November tenth.", _MOVES),
        ("They decided not to move the export.", _MOVES),
        ("정민재는 매체에 연락하지 않기로 했습니다.", "네, 회의 끝나고 바로 연락하겠습니다."),
        ("베타 사용자에게는 알리지 않기로 했다", "베타 사용자분들한테는 알려야겠네요."),
        ("이전을 끝내지 못했다고 합니다.", "금요일에 끝냈고, 문제없이 돌아갔습니다."),
        # a negation of the line that the claim lacks
        ("위약금을 내면 미룰 수 있습니다.", "일주일 미룰 수 있습니다. 위약금은 없어요."),
        ("Two more engineers will be hired.", "We cannot hire two more engineers this year."),
        # opposites
        ("Tickets fell by nine percent.", "We had 1,340 tickets, that's up nine percent."),
        ("문의가 12퍼센트 줄었습니다.", _MORE),
        ("출시일을 앞당기기로 했습니다.", _LATER),
        ("출시일은 27일로 유지하기로 했다", _LATER),
        ("출시일을 11월로 변경했습니다.", _STAYS),
        ("비 안이 더 복잡하다고 말했습니다.", "개발 쪽에서도 비 안이 더 간단합니다."),
        (
            "The page goes live after the conference.",
            "Does it have to be up before the conference?",
        ),
        # refused where nothing is negative, approved where nothing assents
        ("The conference was rejected.", "So we approve the conference."),
        ("Elena refused to find numbers.", "Okay. I'll bring numbers on the 29th."),
        ("예산 승인은 보류되었습니다.", "그럼 캠페인 예산은 승인하겠습니다."),
        ("The text was approved.", "Give me until the 27th. I'd like legal to look at it once."),
    ],
)
def test_a_turned_claim_contradicts(claim: str, line: str) -> None:
    assert contradicts(claim, [line])


@pytest.mark.parametrize(
    ("claim", "line"),
    [
        ("The export moves to 10 November.", _MOVES),
        ("Nobody was against moving the export.", _MOVES),
        ("출시를 11월 3일로 연기했습니다.", _LATER),
        ("문의가 전월 대비 12% 증가했습니다.", _MORE),
        # the same negation in other words
        ("Hiring two engineers is not possible.", "We cannot hire two more engineers this year."),
        ("Hiring was ruled out.", "We cannot hire two more engineers this year."),
        ("Verbal prescriptions are banned.", "And no verbal prescriptions, is that clear?"),
        ("서버는 아직 끌 수 없습니다.", "법무에서 필요하다고 해서 아직은 못 끕니다."),
        # lines with both sides say nothing
        ("이메일은 가고 앱 알림은 가지 않습니다.", "이메일만 가고 앱 알림은 안 갑니다."),
        ("매출은 늘었습니다.", "매출은 늘었는데 이익은 줄었습니다."),
        # a question affirms nothing, and neither does a side under a negation
        ("Nobody owns the audit.", "What about the audit, who owns that?"),
        ("예산은 늘지 않았습니다.", "예산은 줄었습니다."),
    ],
)
def test_other_words_do_not(claim: str, line: str) -> None:
    assert not contradicts(claim, [line])
