"""Two whole meetings, each with what a careful reader would write down: precision and recall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.domain.kinds import ItemKind
from core.domain.transcript import numbered
from core.engines import korean as korean_module
from core.engines.extractive import ExtractiveEngine

ENGINE = ExtractiveEngine()

KOREAN = """
강민지: 안녕하세요, 다들 잘 지내셨죠? 그럼 9월 도서관 운영 회의 시작하겠습니다.
강민지: 오늘은 북페어, 좌석 예약, 예산 순서로 보겠습니다. 먼저 북페어부터 볼게요.
오세훈: 네, 북페어 신청은 지금까지 42팀이 들어왔습니다.
강민지: 42팀이요? 작년보다 많네요.
오세훈: 작년에는 30팀이었으니까 40퍼센트 늘었습니다.
윤가영: 대신 장소가 좁을 것 같아요. 지하 강당은 35팀이 한계입니다.
오세훈: 인쇄소에서 부스 배치도를 다음 주에 보내 주기로 했어요.
강민지: 그러면 1층 로비까지 같이 쓰면 어떨까요?
윤가영: 좋네요. 로비에는 스무 팀까지 들어갑니다.
강민지: 그럼 북페어는 강당과 로비를 함께 쓰는 걸로 결정하겠습니다.
강민지: 세훈 님, 로비 사용 신청서를 이번 주 금요일, 11일까지 제출해 주세요.
오세훈: 네, 11일까지 제출하겠습니다.
윤가영: 자원봉사자 안내문은 제가 다음 주 월요일까지 작성할게요.
강민지: 감사합니다. 가영 님, 봉사자는 몇 명이나 필요하세요?
윤가영: 열다섯 명 정도면 충분할 거예요.
서지호: 잠깐만요, 에어컨 좀 켤게요. 덥네요.
강민지: 네, 좋습니다. 두 번째 안건으로 넘어가겠습니다. 지호 님 부탁드립니다.
서지호: 네, 열람실 좌석이 부족하다고들 하세요. 9월 민원이 모두 58건이었습니다.
서지호: 예약하고 안 오는 자리가 하루 평균 70석입니다.
오세훈: 30분 안에 안 오면 자동으로 취소되게 하면 어떨까요?
윤가영: 저는 찬성합니다.
서지호: 시스템은 어렵지 않습니다. 작년에 했으면 더 편했을 거예요.
강민지: 그럼 예약 후 30분이 지나면 자동 취소하기로 결정했습니다. 네, 그렇게 확정할게요.
서지호: 제가 예약 프로그램을 18일까지 수정하겠습니다.
강민지: 변경 안내는 누가 하나요?
윤가영: 공지문은 제가 홈페이지에 올릴게요.
강민지: 좋아요. 야간 개관 이야기도 잠깐 할까요?
오세훈: 야간 개관은 경비 인력이 몇 명이나 더 필요한가요?
서지호: 글쎄요, 그건 잘 모르겠습니다.
강민지: 오늘 결정하지는 않을게요. 다음 회의에서 다시 보죠.
강민지: 마지막 안건, 예산 바로 볼게요.
오세훈: 도서 구입비가 6백만 원 남았습니다.
서지호: 전자책 비중을 늘려 달라고들 합니다.
강민지: 그럼 남은 예산은 전자책 구입에 쓰는 걸로 하죠.
오세훈: 네, 동의합니다.
강민지: 세훈 님이 전자책 목록을 정리해서 25일까지 공유해 주세요.
오세훈: 알겠습니다. 25일 오전까지 공유드리겠습니다.
강민지: 그럼 정리할게요. 북페어 장소, 자동 취소, 전자책 구입, 이렇게 세 가지 결정했습니다.
강민지: 다음 회의는 30일 수요일에 하겠습니다. 괜찮으세요?
윤가영: 네, 괜찮습니다.
강민지: 수고하셨습니다. 회의 마치겠습니다.
"""
ENGLISH = """
Ruth Adler: Good morning, everybody. Let's look at the minutes from last week first.
Ben Okafor: Those are fine. I finished the kitchen inventory on Tuesday.
Ruth Adler: Great. I'll just share my screen. Can you all see it?
Ines Duarte: Yes, we can.
Ruth Adler: First item, the summer menu. Ines, how are the tastings going?
Ines Duarte: We tested eleven dishes with sixty guests. The lentil salad got ninety percent.
Ben Okafor: Apparently the supplier will raise the price of lentils by Friday.
Ines Duarte: I heard that too. They said they'll send a letter.
Ruth Adler: Do we still keep the fish?
Ines Duarte: Nobody ordered it. I'd take it off.
Ruth Adler: Okay, let's drop the fish. Everyone fine with that? Good, that's settled.
Ruth Adler: Ines, could you send the final recipes to Ben by Thursday, the fourth?
Ines Duarte: Sure, I'll send them by Thursday.
Ben Okafor: I'll update the allergen list by Monday, the eighth.
Ruth Adler: Perfect. Kwame, you're next.
Kwame Mensah: Thanks. The dishwasher broke twice in May. The repair cost four hundred dollars.
Ben Okafor: If it breaks again, I will cry.
Kwame Mensah: A new one costs three thousand two hundred dollars.
Ruth Adler: What about a used one?
Kwame Mensah: I'm not sure. Let me check with the dealer and get back to you.
Ben Okafor: Is it lunch yet?
Ruth Adler: Ha. Almost. So we agreed to buy a new dishwasher this summer.
Ruth Adler: Kwame, please get two quotes by next Friday.
Kwame Mensah: Will do.
Ines Duarte: My cousin's restaurant got theirs from a fair in Porto. Lovely town.
Ruth Adler: I'll hand over to Ben for the staffing.
Ben Okafor: We have nine people on weekends and we need eleven.
Ines Duarte: Could we ask the students from the cooking school?
Ben Okafor: That worked well last year. We had four of them.
Ruth Adler: All right, let's go with two students for the weekends.
Ben Okafor: I'll call the school tomorrow.
Kwame Mensah: They might say no, of course.
Ruth Adler: Then who pays for their uniforms?
Ben Okafor: No idea, I'd have to ask accounting.
Ines Duarte: I said sixty guests before, but it was actually seventy. Sorry.
Ruth Adler: Noted. Let me sum up. The fish is dropped, a new dishwasher, two students.
Ruth Adler: And I will book the photographer for the menu by June tenth.
Kwame Mensah: Shall we close the window?
Ruth Adler: Yes. Thank you all, see you next week.
Ines Duarte: Bye.
"""
# language: places (from 1) of decisions; then place, owner and a word of the term of each action
EXPECTED = {
    "ko": (
        KOREAN,
        {10, 23, 34},
        {
            (11, "오세훈", "11일"),
            (13, "윤가영", "월요일"),
            (24, "서지호", "18일"),
            (26, "윤가영", ""),
            (36, "오세훈", "25일"),
        },
    ),
    "en": (
        ENGLISH,
        {11, 22, 30},
        {
            (12, "Ines Duarte", "Thursday"),
            (14, "Ben Okafor", "eighth"),
            (20, "Kwame Mensah", ""),
            (23, "Kwame Mensah", "Friday"),
            (31, "Ben Okafor", "tomorrow"),
            (37, "Ruth Adler", "June"),
        },
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _end_child() -> Iterator[None]:
    yield
    korean_module.shared_korean().release()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_whole_meeting_is_read_with_precision_and_recall(language: str) -> None:
    script, decisions, actions = EXPECTED[language]
    lines = [line.split(": ", 1) for line in script.strip().splitlines()]
    spoken = numbered((i * 6.0, i * 6.0 + 5, who, text) for i, (who, text) in enumerate(lines))
    items = ENGINE.items(spoken, language=language, check=lambda: None)
    decided = [min(item.utterances) for item in items if item.kind == ItemKind.DECISION]
    tasks = [item for item in items if item.kind == ItemKind.ACTION]
    right = [
        item
        for item in tasks
        if any(
            item.utterances[0] == place and item.owner == owner and due in (item.due_text or "")
            for place, owner, due in actions
        )
    ]
    said = [(item.utterances, item.owner, item.due_text) for item in tasks]
    assert len(right) / max(len(tasks), 1) >= 0.8, said
    assert len(right) / len(actions) >= 0.8, said
    assert len(decisions.intersection(decided)) / max(len(decided), 1) >= 0.8, decided
    assert len(decisions.intersection(decided)) / len(decisions) >= 0.8, decided
    open_questions = [item for item in items if item.kind == ItemKind.QUESTION]
    assert 1 <= len(open_questions) <= 4
