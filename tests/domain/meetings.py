"""Meetings unlike each other, in Korean, English and both, for checking items against."""

from __future__ import annotations

from core.domain.transcript import Transcript, numbered


def meeting(*lines: tuple[str | None, str]) -> Transcript:
    return Transcript(
        numbered(
            (5.0 * place, 5.0 * place + 4, who, text) for place, (who, text) in enumerate(lines)
        )
    )


LAUNCH = meeting(
    ("Alice", "Good morning everyone, shall we start?"),
    ("Bob", "The beta has forty users and churn is about three percent."),
    ("Alice", "Okay so let's launch on the tenth of December, agreed?"),
    ("Carol", "Yes, let's do that."),
    ("Bob", "I'll send the pricing sheet to finance by Friday."),
    ("Alice", "Carol, can you book the venue?"),
    ("Carol", "Sure, will do."),
    ("Dan", "We cannot hire two more engineers this year."),
    ("Alice", "The vendor wants five thousand dollars, um, per month."),
    ("Dan", "What about the GDPR audit, who owns that?"),
    ("Alice", "Good question, let's come back to it."),
)
BUDGET = meeting(
    ("김민수", "안녕하세요 회의를 시작하겠습니다"),
    ("이영희", "예산은 오백만 원으로 줄이는 게 좋겠습니다"),
    ("김민수", "네 그렇게 하시죠"),
    ("박지훈", "제가 견적서를 다음 주 화요일까지 보내드릴게요"),
    ("이영희", "출시는 십이월 십일로 합시다"),
    ("김민수", "김 대리가 고객사 미팅을 잡아 주세요"),
    ("이영희", "이탈률이 팔십 퍼센트에서 마흔 퍼센트로 떨어졌어요"),
    ("박지훈", "그런데 서버 이전은 언제까지 끝나나요"),
    ("김민수", "그건 다음에 다시 이야기합시다"),
    ("이영희", "직원 스물네 명이 설문에 답했습니다"),
)
CLINIC = meeting(
    ("Dr. Osei", "Ward 7 ran out of insulin pens twice last week."),
    ("Nurse Patel", "The new fridge arrives Thursday, so we can stock double."),
    ("Dr. Osei", "Then raise the reorder level from twenty to thirty-five boxes."),
    ("Nurse Patel", "I can update the order form today."),
    ("Dr. Osei", "And no verbal prescriptions after eight pm, is that clear?"),
    ("Pharmacist", "Understood. The recall covers batch 4471 only."),
)
SCHOOL = meeting(
    (None, "올해 체육대회는 비가 와서 두 번이나 미뤄졌습니다"),
    (None, "급식 만족도 조사는 학부모 삼백오십 명이 참여했고요"),
    (None, "도서관 리모델링 공사는 여름방학에 시작하는 걸로 정했습니다"),
    (None, "통학버스 노선을 하나 더 늘리자는 의견이 있었습니다"),
    (None, "그건 교육청에 문의해 보고 결정하죠"),
)
GARDEN = meeting(
    ("Speaker 1", "so um the tomatoes along the fence got blight again"),
    ("Speaker 2", "we should rotate, put beans there instead"),
    ("Speaker 1", "yeah beans next to the fence, tomatoes by the shed"),
    ("Speaker 3", "compost delivery is twelve bags at four fifty each"),
    ("Speaker 2", "I'll call Harriet about the water butt"),
)
MIXED = meeting(
    ("Jae", "API 배포는 Kubernetes 1.29로 올리고 나서 합시다"),
    ("Mina", "네 그럼 staging 먼저 테스트할게요"),
    ("Jae", "latency가 이백 밀리초를 넘으면 rollback 하죠"),
)

OFFICE = meeting(
    ("정수아", "지난 분기 매출이 전년 대비 십이 프로 늘었고요, 해외 쪽이 특히 좋았습니다"),
    ("오태윤", "그럼 하반기에는 해외 인력을 세 명 더 뽑는 걸로 하시죠"),
    ("정수아", "네 좋습니다. 채용 공고는 제가 이번 주 안에 올리겠습니다"),
    ("오태윤", "근데 사무실 자리가 부족한데 그건 어떻게 할까요?"),
    ("한지민", "공유 오피스를 알아볼게요. 월 이백 정도면 될 것 같아요"),
    ("정수아", "네 그건 한지민 님이 다음 회의 때까지 확인해 주세요"),
    ("오태윤", "아 그리고 워크숍은 9월 셋째 주로 옮기기로 했습니다"),
    ("한지민", "로그인 오류 신고가 하루에 마흔 건씩 들어오고 있어요"),
    ("정수아", "그건 급하니까 오늘 중으로 개발팀에 전달해 주세요"),
)
OPS = meeting(
    ("Priya", "So the migration took six hours instead of two, due to the index rebuild."),
    ("Tom", "Right. I think we shouldn't do the next one on a weekday."),
    ("Priya", "Agreed, Saturdays only from now on."),
    ("Tom", "And who's writing the post-mortem?"),
    ("Priya", "I'll have a draft out by Wednesday."),
    ("Lena", "Customers were asking about refunds, about seventeen tickets so far."),
    ("Tom", "Let's give everyone a ten percent credit and move on."),
    ("Lena", "Works for me. I'll tell support."),
    ("Priya", "The old cluster costs us twelve hundred a month, can we kill it?"),
    ("Tom", "Not yet, legal still needs the audit logs until March."),
)
PARENTS = meeting(
    ("Ms. Grant", "The roof over the gym is leaking again, and the insurance won't cover it."),
    ("Mr. Diaz", "We got two quotes, one for eighty-two hundred and one for eleven thousand."),
    ("Ms. Grant", "I'd rather go with the cheaper one if they can start before the holidays."),
    ("Mr. Diaz", "They can. I'll sign it tomorrow."),
    ("Ms. Wu", "Parents complained that the bus is late almost every day."),
    ("Mr. Diaz", "I spoke to the company, they blamed road works on Elm Street."),
    ("Ms. Wu", "Could we move pickup fifteen minutes earlier then?"),
    ("Ms. Grant", "Let's try that for a month and see."),
)
FLATS = meeting(
    ("사회자", "다음은 주차장 유료화 건입니다"),
    ("주민1", "저는 반대예요, 손님 올 때마다 돈을 내라는 게 말이 됩니까"),
    ("관리소장", "관리비가 작년보다 삼백만 원이나 적자라서요"),
    ("주민2", "그럼 방문 차량은 두 시간까지 무료로 하면 어때요"),
    ("사회자", "찬성하시는 분 손 들어 주세요, 네 열일곱 분이요"),
    ("사회자", "그럼 두 시간 무료안으로 통과됐습니다"),
    ("관리소장", "안내문은 제가 금요일까지 게시판에 붙이겠습니다"),
    ("주민1", "엘리베이터 교체는 언제 하나요"),
    ("관리소장", "견적이 일억 이천이 나와서 내년으로 미뤘습니다"),
)
