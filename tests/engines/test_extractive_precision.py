"""What the extractive engine must not take for an action, a decision or an open question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import numbered
from core.engines import korean as korean_module
from core.engines.extractive import (
    ExtractiveEngine,
    assignments_korean,
    conduct_english,
    conduct_korean,
    confirmations,
    facts,
    open_questions,
)
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.dates import due_words

ENGINE = ExtractiveEngine()
MODULES = (
    assignments_korean,
    conduct_english,
    conduct_korean,
    confirmations,
    facts,
    open_questions,
)


@pytest.fixture(scope="module", autouse=True)
def _end_child() -> Iterator[None]:
    yield
    korean_module.shared_korean().release()


def found(kind: ItemKind, *lines: str) -> list[Item]:
    """Items of a kind in "Speaker: text" lines."""
    pairs = [line.split(": ", 1) for line in lines]
    spoken = numbered((i * 5.0, i * 5.0 + 4, who, text) for i, (who, text) in enumerate(pairs))
    items = ENGINE.items(spoken, language="ko", check=lambda: None)
    return [item for item in items if item.kind == kind]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(table, id=f"{module.__name__.rpartition('.')[2]}.{name}")
        for module in MODULES
        for name, table in vars(module).items()
        if isinstance(table, Cues)
    ],
)
def test_every_cue_finds_its_own_example(table: Cues) -> None:
    for pattern, example in table.rows:
        assert table.search(plain(example)) is not None, (pattern, example)


NO_ACTION = [
    # the chair's moves
    "그럼 채용, 교육, 예산 순서로 보겠습니다.",
    "두 번째 안건부터 볼게요.",
    "자, 그럼 정리해 볼게요.",
    "네, 확인할게요.",
    "이제 다음 주제로 넘어가겠습니다.",
    "지난 회의에서 나온 것부터 빠르게 점검할게요.",
    "나머지는 다음 달에 다시 보고요.",
    "잠시 제 화면 공유할게요.",
    "다음 회의는 목요일 열 시로 옮기겠습니다.",
    "먼저 질문을 받겠습니다.",
    "Let's look at the attendance first.",
    "I'll hand over to Nadia for the next part.",
    "I'll just pull up my slides.",
    "I'll wrap up here.",
    "I'll just take the soup.",
    # hearsay and people outside the meeting
    "학생들이 와이파이가 느리다고들 하세요.",
    "공급사가 다음 주에 부품을 보낸대요.",
    "인쇄소 측에서 목요일까지 견본을 주기로 했어요.",
    "제작사에서 영상을 22일에 보내 주기로 했습니다.",
    "Apparently Ken will send a new contract by Friday.",
    "She said they'll fix the elevator by Monday.",
    "The agency will send the new files on Friday.",
    # guesses, refusals
    "10일이었으면 많이 빠듯했을 거예요.",
    "오늘 정하지는 않을게요.",
    "이번에는 못 할 것 같아요.",
    "만약 비가 오면 실내로 옮기겠습니다.",
    "If we win, I will bake a cake.",
    # questions to a person, and requests for nothing
    "수아 님, 초안은 언제까지 가능하세요?",
    "금요일까지 가능하세요?",
    "그럼 태윤 님 부탁드립니다.",
    "태윤 님은 어떻게 생각하세요?",
    # decisions with a day in them
    "마감 3일 전에 문자를 보내는 걸로 결정하겠습니다.",
    "사무실 이전은 12월 1일로 확정하겠습니다.",
    # of oneself
    "저는 두 번째 안에 동의하겠습니다.",
    "날씨가 추워지겠습니다.",
]


@pytest.mark.parametrize("text", NO_ACTION)
def test_what_only_sounds_like_a_task_is_no_action(text: str) -> None:
    assert found(ItemKind.ACTION, f"의장: {text}") == []


ACTIONS: list[tuple[str, str | None, str | None]] = [
    ("교육 자료는 제가 모레까지 만들겠습니다.", "김도현", "모레까지"),
    ("회의실은 비워 두겠습니다.", "김도현", None),
    ("끝내고 결과 보고서 공유드리겠습니다.", "김도현", None),
    ("그 비용은 제가 대표님과 따로 상의해 보겠습니다.", "김도현", None),
    (
        "수아 님은 참가자 명단을 이번 주 수요일, 8일까지 취합해 주시고요.",
        "한수아",
        "이번 주 수요일, 8일까지",
    ),
    ("수아 씨가 케이터링 견적을 받아 주기로 했어요.", "한수아", None),
    ("설정에서 기본값을 바꿔 두겠습니다.", "김도현", None),
    ("제가 인쇄소에 전화해서 21일까지 물어볼게요.", "김도현", "21일까지"),
    ("I'll have it done by next Monday, the ninth.", "김도현", "by next Monday, the ninth"),
    ("Give me until the fifth for the drawings.", "김도현", "until the fifth"),
    ("I'll wrap up the report by Friday.", "김도현", "by Friday"),
    ("Nadia, could you let the suppliers know by Tuesday?", "Nadia Brown", "by Tuesday"),
    ("Nadia, you'll have the slides ready by noon on Friday?", "Nadia Brown", "by noon"),
    ("수아 님, 계약서를 법무팀에 보내 주시겠어요?", "한수아", None),
]


@pytest.mark.parametrize(("text", "owner", "due"), ACTIONS)
def test_a_task_has_its_doer_by_full_name(text: str, owner: str, due: str | None) -> None:
    actions = found(
        ItemKind.ACTION, "한수아: 안녕하세요.", "Nadia Brown: Hello.", f"김도현: {text}"
    )
    assert [(item.owner, item.due_text) for item in actions] == [(owner, due)]


EXCHANGES: list[tuple[list[str], str, str | None]] = [
    (
        [
            "A: 수아 님, 예산표를 모레까지 보내 주세요.",
            "한수아: 네, 모레 9일 오전까지 보내겠습니다.",
        ],
        "한수아",
        "모레 9일 오전까지",
    ),
    (
        ["A: 수아 님은 포스터를 9월 4일까지 인쇄해 주세요.", "한수아: 네, 4일까지 인쇄할게요."],
        "한수아",
        "9월 4일까지",
    ),
    (
        ["한수아: 서버를 미리 늘려 놓겠습니다.", "A: 네, 그건 수아 님이 3월 2일에 해 주세요."],
        "한수아",
        "3월 2일에",
    ),
    (
        ["A: Nadia, please send the deck by Monday.", "Nadia Brown: Will do, Monday morning."],
        "Nadia Brown",
        "by Monday",
    ),
    (
        [
            "A: Nadia, could you find out what it costs?",
            "Nadia Brown: Okay. I'll bring a quote on Friday.",
        ],
        "Nadia Brown",
        "on Friday",
    ),
    (
        ["A: 명단을 정리해 주세요.", "한수아: 네, 제가 명단을 금요일까지 정리하겠습니다."],
        "한수아",
        "금요일까지",
    ),
]


@pytest.mark.parametrize(("lines", "owner", "due"), EXCHANGES)
def test_a_request_and_its_acceptance_are_one_action(
    lines: list[str], owner: str, due: str | None
) -> None:
    (action,) = found(ItemKind.ACTION, *lines)
    assert (action.owner, action.due_text, action.utterances) == (owner, due, (1, 2))


def test_another_task_of_the_same_person_stays_apart() -> None:
    lines = (
        "A: 수아 님, 예산표를 모레까지 보내 주세요.",
        "한수아: 네, 알겠습니다. 그리고 회의실도 제가 예약하겠습니다.",
    )
    assert len(found(ItemKind.ACTION, *lines)) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("by Thursday, the twenty fourth, please", "by Thursday, the twenty fourth"),
        ("on Monday, March second", "on Monday, March second"),
        ("by tomorrow, end of day", "by tomorrow, end of day"),
        ("until the eighth for the copy", "until the eighth"),
        ("I have a call at four", None),
        ("다음 주 목요일, 그러니까 24일에 드릴게요", "다음 주 목요일, 그러니까 24일에"),
        ("이번 주 수요일, 9일까지", "이번 주 수요일, 9일까지"),
        ("모레 10일 오후까지", "모레 10일 오후까지"),
        ("제가 세 시에 면담이 있어서", None),
        ("마감 5일 전에 알림", None),
        ("지난주 목요일에 보냈어요", None),
    ],
)
def test_a_day_that_is_said_twice_is_one_term(text: str, words: str | None) -> None:
    assert due_words(text) == words


DECISIONS: list[tuple[list[str], list[str]]] = [
    (
        ["A: 행사는 5월 2일에 하는 걸로 결정하겠습니다. 네, 그렇게 확정할게요."],
        ["행사는 5월 2일에 하는 걸로 결정하겠습니다."],
    ),
    (
        ["A: 로고는 초록색으로 가죠.", "B: 좋아요.", "A: 이렇게 한 가지 결정했습니다."],
        ["로고는 초록색으로 가죠."],
    ),
    (
        ["A: We decided to move to Lyon.", "B: Fine.", "A: Good, that's settled."],
        ["We decided to move to Lyon."],
    ),
    (["A: Okay, that's decided then."], []),
    (["A: 네, 그렇게 결정하겠습니다."], []),
    (
        ["A: I can move the forms to the portal.", "B: Then let's do it."],
        ["I can move the forms to the portal."],
    ),
    (
        [
            "A: We approve the fence at nine hundred dollars.",
            "A: The fence is approved at nine hundred.",
        ],
        ["We approve the fence at nine hundred dollars."],
    ),
    (
        ["A: We decided to use option 3.", "A: We decided to use option 4."],
        ["We decided to use option 3.", "We decided to use option 4."],
    ),
    (["A: 그건 다음 주에 정하죠."], []),
    (["A: 인쇄소 측에서 견본을 내일 보내 주기로 했어요."], []),
]


@pytest.mark.parametrize(("lines", "texts"), DECISIONS)
def test_a_decision_is_told_once(lines: list[str], texts: list[str]) -> None:
    assert [item.text for item in found(ItemKind.DECISION, *lines)] == texts


QUESTIONS: list[tuple[list[str], int]] = [
    (["A: 주차 요금은 누가 내나요?", "B: 총무과에서 냅니다."], 0),
    (["A: 주차 요금은 누가 내나요?", "B: 글쎄요, 잘 모르겠네요."], 1),
    (["A: 주차 요금은 누가 내나요?", "B: 확인해 보고 알려 드릴게요."], 1),
    (["A: 주차 요금은 누가 내나요?"], 1),
    (["A: 수아 님?", "B: 네."], 0),
    (["B: 60퍼센트 늘었어요.", "A: 60퍼센트요?"], 0),
    (["A: 창문 좀 닫을까요?"], 0),
    (["A: Who pays for the parking?", "B: The landlord does."], 0),
    (["A: Who pays for the parking?", "B: I'm not sure."], 1),
    (["A: Who pays for the parking?", "B: Let me check and get back to you."], 1),
    (["A: It's the red one, isn't it?"], 0),
]


@pytest.mark.parametrize(("lines", "count"), QUESTIONS)
def test_only_open_questions_stay(lines: list[str], count: int) -> None:
    assert len(found(ItemKind.QUESTION, *lines)) == count


@pytest.mark.parametrize(
    "lines",
    [
        ("A: 참가비 총액은 7백만 원입니다.", "A: 아까 7백만 원이라고 했는데 8백만 원입니다."),
        (
            "A: The roof costs nine thousand dollars.",
            "A: I said nine thousand, but it's ten thousand.",
        ),
    ],
)
def test_a_corrected_figure_gives_way(lines: tuple[str, ...]) -> None:
    assert [item.utterances for item in found(ItemKind.FACT, *lines)] == [(2,)]


def test_at_most_twelve_facts_and_ten_questions() -> None:
    lines = [f"A: Shop {n} sold {n * 37 + 5} tickets in week {n}." for n in range(40)]
    assert len(found(ItemKind.FACT, *lines)) == 12
    asked = [f"A: Who opens the shop on street {n} in the morning?" for n in range(30)]
    assert len(found(ItemKind.QUESTION, *asked)) <= 10


def test_a_long_list_of_decisions_is_kept_whole() -> None:
    lines = [f"A: We decided to use option {n}." for n in range(300)]
    assert len(found(ItemKind.DECISION, *lines)) == 300
