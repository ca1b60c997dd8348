"""Items against what was said: true ones pass in any wording; glued and bent ones do not."""

from __future__ import annotations

import pytest

from core.domain.due_words import tells_time
from core.domain.grounding import check
from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Transcript, Utterance, numbered
from tests.domain.meetings import (
    BUDGET,
    CLINIC,
    FLATS,
    GARDEN,
    LAUNCH,
    MIXED,
    OFFICE,
    OPS,
    PARENTS,
    SCHOOL,
)

TOPIC, DECISION, ACTION = ItemKind.TOPIC, ItemKind.DECISION, ItemKind.ACTION
QUESTION, FACT = ItemKind.QUESTION, ItemKind.FACT


_TRUE = [
    # English
    (LAUNCH, DECISION, "Launch is on December 10.", (3,), "launch on the tenth of December"),
    (LAUNCH, DECISION, "The product launches on 10 December.", (3, 4), "Okay so let's launch"),
    (LAUNCH, FACT, "The beta has 40 users.", (2,), "The beta has forty users"),
    (LAUNCH, FACT, "Churn is around 3%.", (2,), "churn is about three percent"),
    (LAUNCH, ACTION, "Bob sends the price list to finance.", (5,),
     "send the pricing sheet to finance"),
    (LAUNCH, ACTION, "The venue has to be booked.", (6, 7), "can you book the venue"),
    (LAUNCH, FACT, "Hiring 2 more engineers is not possible.", (8,),
     "We cannot hire two more engineers"),
    # a filler word left out of the quote
    (LAUNCH, FACT, "The vendor asks for $5,000 a month.", (9,), "five thousand dollars per month"),
    (LAUNCH, QUESTION, "Who is responsible for the GDPR audit?", (10,), "who owns that?"),
    # letters, punctuation and dashes as the model likes them
    (LAUNCH, QUESTION, "Ownership of the GDPR audit is open.", (10,),
     "“WHAT about the GDPR audit”"),
    # the label of the line copied along
    (LAUNCH, ACTION, "Bob will send the pricing sheet.", (5,), "Bob: I'll send the pricing sheet"),
    (LAUNCH, ACTION, "Bob will send the pricing sheet.", (5,), "[5] Bob: I'll send the pricing"),
    # the claim is the line itself, the quote only the assent
    (LAUNCH, DECISION, "Okay so let's launch on the tenth of December, agreed?", (3, 4), "Yes"),
    # written in Korean about an English meeting
    (LAUNCH, FACT, "공급업체가 월 5,000달러를 원한다.", (9,),
     "The vendor wants five thousand dollars"),
    (LAUNCH, DECISION, "12월 10일에 출시하기로 했다.", (3,), "launch on the tenth of December"),
    (LAUNCH, TOPIC, "December launch date", (3, 4), None),
    (LAUNCH, TOPIC, "GDPR audit ownership", (10, 11), None),
    # a quote over two lines
    (LAUNCH, DECISION, "December 10 launch was agreed.", (3, 4),
     "December, agreed? Yes, let's do that"),
    (CLINIC, DECISION, "Reorder level rises from 20 to 35 boxes.", (3,),
     "from twenty to thirty-five boxes"),
    (CLINIC, FACT, "The recall affects batch 4471.", (6,), "recall covers batch 4471 only"),
    (CLINIC, FACT, "A new fridge arrives on Thursday.", (2,), "new fridge arrives Thursday"),
    (CLINIC, DECISION, "Verbal prescriptions are banned after 20:00.", (5,), "after eight pm"),
    (CLINIC, FACT, "Insulin pens ran out on Ward 7 twice.", (1,), "ran out of insulin pens twice"),
    (CLINIC, ACTION, "Update the order form.", (4,), "update the order form today"),
    (GARDEN, DECISION, "Beans go beside the fence, tomatoes by the shed.", (2, 3),
     "beans next to the fence"),
    (GARDEN, FACT, "12 bags of compost cost 4.50 each.", (4,), "twelve bags at four fifty each"),
    (GARDEN, FACT, "Tomatoes had blight.", (1,), "tomatoes along the fence got blight"),
    (GARDEN, ACTION, "Call Harriet about the water butt.", (5,),
     "call Harriet about the water butt"),
    # Korean
    (BUDGET, DECISION, "예산을 500만 원으로 줄이기로 함", (2, 3),
     "오백만 원으로 줄이는 게 좋겠습니다"),
    (BUDGET, DECISION, "예산을 5,000,000원으로 감축", (2,), "예산은 오백만 원으로"),
    # spaces where Korean may or may not have them
    (BUDGET, ACTION, "견적서를 다음 주 화요일까지 발송", (4,), "견적서를 다음주 화요일까지"),
    (BUDGET, DECISION, "12월 10일에 출시한다", (5,), "출시는 십이월 십일로 합시다"),
    (BUDGET, ACTION, "고객사 미팅 일정 잡기", (6,), "고객사 미팅을 잡아 주세요"),
    (BUDGET, FACT, "이탈률이 80%에서 40%로 하락", (7,), "팔십 퍼센트에서 마흔 퍼센트로"),
    (BUDGET, QUESTION, "서버 이전 완료 시점", (8,), "서버 이전은 언제까지 끝나나요"),
    (BUDGET, FACT, "설문에 직원 24명이 응답함", (10,), "스물네 명이 설문에 답했습니다"),
    (BUDGET, DECISION, "The budget is cut to 5 million won.", (2,), "예산은 오백만 원으로"),
    (BUDGET, TOPIC, "예산 감축", (2, 3), None),
    (SCHOOL, FACT, "급식 만족도 조사에 학부모 350명 참여", (2,), "학부모 삼백오십 명이 참여했고요"),
    (SCHOOL, DECISION, "도서관 공사는 여름방학에 시작", (3,),
     "여름방학에 시작하는 걸로 정했습니다"),
    (SCHOOL, FACT, "체육대회가 두 번 연기됨", (1,), "두 번이나 미뤄졌습니다"),
    (SCHOOL, QUESTION, "통학버스 노선 추가 여부", (4, 5), "노선을 하나 더 늘리자는 의견"),
    (OFFICE, FACT, "지난 분기 매출이 전년 대비 12% 증가했다.", (1,), "십이 프로 늘었고요"),
    (OFFICE, DECISION, "하반기에 해외 인력 3명을 추가 채용", (2, 3), "해외 인력을 세 명 더"),
    (OFFICE, ACTION, "정수아가 이번 주 안에 채용 공고를 게시한다.", (3,), "채용 공고는 제가"),
    (OFFICE, QUESTION, "사무실 공간 부족 문제 해결 방안", (4,), "사무실 자리가 부족한데"),
    (OFFICE, FACT, "공유 오피스 비용은 월 200 정도", (5,), "월 이백 정도면 될 것 같아요"),
    (OFFICE, DECISION, "워크숍 일정을 9월 셋째 주로 변경했다.", (7,), "9월 셋째 주로 옮기기로"),
    (OFFICE, FACT, "로그인 오류 신고가 하루 40건씩 접수", (8,), "하루에 마흔 건씩"),
    (OFFICE, FACT, "Revenue rose 12% year on year.", (1,), "전년 대비 십이 프로 늘었고요"),
    (OFFICE, TOPIC, "로그인 오류 대응", (8, 9), None),
    (OPS, FACT, "The migration took 6 hours rather than 2.", (1,), "took six hours instead of two"),
    (OPS, DECISION, "Migrations are only done on Saturdays.", (2, 3), "Saturdays only from now on"),
    (OPS, ACTION, "Priya drafts the post-mortem by Wednesday.", (4, 5), "have a draft out"),
    (OPS, FACT, "There are 17 tickets about refunds.", (6,), "about seventeen tickets so far"),
    (OPS, DECISION, "All customers get a 10% credit.", (7, 8), "a ten percent credit"),
    (OPS, FACT, "The old cluster costs $1,200 per month.", (9,), "twelve hundred a month"),
    (OPS, FACT, "Legal needs the logs until March.", (10,), "needs the audit logs until March"),
    (OPS, DECISION, "이전 클러스터는 3월까지 유지한다.", (10,), "the audit logs until March"),
    (PARENTS, FACT, "Offers of $8,200 and $11,000 were received.", (2,), "We got two quotes"),
    (PARENTS, DECISION, "The cheaper quote is accepted.", (3, 4), "go with the cheaper one"),
    (PARENTS, ACTION, "Mr. Diaz signs the contract tomorrow.", (4,), "I'll sign it tomorrow"),
    # what "that" is, is said in the line before
    (PARENTS, DECISION, "Earlier pickup is tried for a month.", (8,), "Let's try that for a month"),
    (FLATS, FACT, "관리비가 전년 대비 300만 원 적자이다.", (3,), "삼백만 원이나 적자라서요"),
    (FLATS, DECISION, "방문 차량은 2시간까지 무료", (4, 6), "두 시간 무료안으로 통과됐습니다"),
    (FLATS, DECISION, "2시간 무료안이 17명 찬성으로 통과", (5, 6), "통과됐습니다"),
    (FLATS, FACT, "엘리베이터 교체 견적은 1억 2천만 원이다.", (9,), "견적이 일억 이천이 나와서"),
    (FLATS, DECISION, "엘리베이터 교체를 내년으로 연기", (8, 9), "내년으로 미뤘습니다"),
    # both languages in one sentence
    (MIXED, DECISION, "Kubernetes 1.29 업그레이드 후 API를 배포", (1,), "Kubernetes 1.29로 올리고"),
    (MIXED, DECISION, "latency 200ms 초과 시 rollback", (3,), "이백 밀리초를 넘으면 rollback"),
    (MIXED, ACTION, "Test on staging first.", (2,), "staging 먼저 테스트할게요"),
]  # fmt: skip

_FALSE = [
    # a true quote glued to another claim
    (LAUNCH, DECISION, "The team will fire the marketing agency.", (3,),
     "launch on the tenth of December"),
    (LAUNCH, DECISION, "The office moves to Berlin in December.", (3,),
     "launch on the tenth of December"),
    (LAUNCH, ACTION, "Bob will buy a yacht by Friday.", (5,), "by Friday"),
    (LAUNCH, FACT, "Customers love the mobile app.", (2,), "The beta has forty users"),
    (BUDGET, ACTION, "다음 주 화요일까지 전 직원을 해고", (4,), "다음 주 화요일까지 보내드릴게요"),
    (BUDGET, DECISION, "본사를 부산으로 옮기기로 결정", (5,), "출시는 십이월 십일로 합시다"),
    (SCHOOL, DECISION, "교장 선생님 연임을 승인", (3,), "여름방학에 시작하는 걸로 정했습니다"),
    (CLINIC, DECISION, "Visiting hours are extended for families.", (5,),
     "no verbal prescriptions"),
    (GARDEN, DECISION, "Membership fees rise for everyone.", (3,), "beans next to the fence"),
    (OFFICE, DECISION, "해외 지사를 전부 폐쇄하기로 결정", (1,), "해외 쪽이 특히 좋았습니다"),
    (OFFICE, FACT, "경쟁사가 신제품을 출시했다.", (8,), "하루에 마흔 건씩 들어오고 있어요"),
    (OFFICE, ACTION, "고객 데이터를 삭제한다.", (9,), "오늘 중으로 개발팀에 전달해 주세요"),
    (OPS, DECISION, "All customers get a full refund.", (7,), "everyone a ten percent credit"),
    (OPS, FACT, "The migration deleted customer invoices.", (1,), "due to the index rebuild"),
    (OPS, DECISION, "The company will be sold in March.", (10,), "until March"),
    (OPS, ACTION, "Lena will sue the hosting provider.", (8,), "Works for me"),
    (PARENTS, DECISION, "The gym will be demolished.", (3,), "go with the cheaper one"),
    (PARENTS, DECISION, "The bus company is replaced.", (8,), "Let's try that for a month"),
    (FLATS, DECISION, "관리소장을 해임한다.", (3,), "적자라서요"),
    (FLATS, DECISION, "반려동물 출입을 금지한다.", (6,), "통과됐습니다"),
    # said by, or given to, somebody who is nowhere near
    (OPS, FACT, "Lena says the migration took six hours.", (1,), "The migration took six hours"),
    (OFFICE, FACT, "한지민이 매출이 늘었다고 보고했다.", (1,), "해외 쪽이 특히 좋았습니다"),
    # numbers bent
    (PARENTS, FACT, "One quote is $11,200.", (2,), "one for eighty-two hundred"),
    (FLATS, FACT, "19명이 찬성했다.", (5,), "열일곱 분이요"),
    (LAUNCH, DECISION, "Launch is on December 11.", (3,), "launch on the tenth of December"),
    # the month's number is not the day's
    (LAUNCH, DECISION, "Launch is on December 12.", (3,), "launch on the tenth of December"),
    (BUDGET, DECISION, "12월 12일에 출시한다", (5,), "출시는 십이월 십일로 합시다"),
    (LAUNCH, DECISION, "Launch is on November 10.", (3,), "launch on the tenth of December"),
    (LAUNCH, FACT, "The beta has 50 users.", (2,), "The beta has forty users"),
    (LAUNCH, FACT, "Churn is about 30%.", (2,), "churn is about three percent"),
    (LAUNCH, FACT, "The beta has fourteen users.", (2,), "The beta has forty users"),
    (LAUNCH, FACT, "공급업체가 월 6,000달러를 원한다.", (9,),
     "The vendor wants five thousand dollars"),
    (CLINIC, DECISION, "Reorder level rises from 20 to 53 boxes.", (3,),
     "from twenty to thirty-five"),
    (CLINIC, FACT, "The recall affects batch 4417.", (6,), "recall covers batch 4471 only"),
    (CLINIC, DECISION, "No verbal prescriptions after 9 pm.", (5,),
     "no verbal prescriptions after"),
    (BUDGET, DECISION, "예산을 50만 원으로 줄이기로 함", (2,), "예산은 오백만 원으로"),
    (BUDGET, DECISION, "12월 11일에 출시한다", (5,), "출시는 십이월 십일로 합시다"),
    (BUDGET, FACT, "이탈률이 80%에서 30%로 하락", (7,), "팔십 퍼센트에서 마흔 퍼센트로"),
    (BUDGET, DECISION, "The budget is cut to 6 million won.", (2,), "예산은 오백만 원으로"),
    (SCHOOL, FACT, "학부모 530명이 조사에 참여", (2,), "학부모 삼백오십 명이 참여했고요"),
    (MIXED, DECISION, "latency 300ms 초과 시 rollback", (3,), "이백 밀리초를 넘으면 rollback"),
    # a number from another line than the cited
    (LAUNCH, DECISION, "Launch with 40 users.", (4,), "Yes, let's do that"),
    # quotes bent
    (LAUNCH, FACT, "The beta has 40 users.", (2,), "The beta has forty happy users"),
    (LAUNCH, FACT, "The beta has 40 users.", (2,), "beta had forty users"),
    (LAUNCH, FACT, "Beta users", (2,), "eta has forty"),  # a piece of a word
    (BUDGET, DECISION, "예산 감축", (2,), "예산은 오백만 달러로"),
    (BUDGET, DECISION, "예산 감축", (2,), "예산은 오백"),  # the number cut short
    # two pieces stitched together
    (LAUNCH, DECISION, "Launch in December", (3,), "let's launch ... December, agreed"),
    # from far away
    (LAUNCH, FACT, "The beta has 40 users.", (8,), "The beta has forty users"),
    # nothing said by the quote
    (LAUNCH, DECISION, "The launch was approved.", (4,), "Yes"),
    (LAUNCH, DECISION, "The launch was approved.", (3,), "so"),
    (LAUNCH, DECISION, "The launch was approved.", (3,), "on the"),
    (BUDGET, DECISION, "예산 감축이 승인됨", (3,), "네"),
    (LAUNCH, DECISION, "The launch was approved.", (3,), ""),
    (LAUNCH, DECISION, "The launch was approved.", (3,), "?!"),
    # no citation, or none that exists
    (LAUNCH, DECISION, "Launch is on December 10.", (), "launch on the tenth of December"),
    (LAUNCH, DECISION, "Launch is on December 10.", (99, 0, -3), "launch on the tenth of December"),
    # only topics may do without a quote
    (LAUNCH, DECISION, "Launch is on December 10.", (3,), None),
    (LAUNCH, TOPIC, "Office relocation to Berlin", (3, 4), None),
    (BUDGET, TOPIC, "신규 채용", (2, 3), None),
]  # fmt: skip


@pytest.mark.parametrize(("meeting", "kind", "text", "cites", "quote"), _TRUE)
def test_what_was_said_is_verified(
    meeting: Transcript, kind: ItemKind, text: str, cites: tuple[int, ...], quote: str | None
) -> None:
    (item,) = check([Item(kind, text, cites, quote=quote)], meeting)
    assert item.verified
    assert item.text == text
    assert item.start == meeting.by_number()[item.utterances[0]].start


@pytest.mark.parametrize(("meeting", "kind", "text", "cites", "quote"), _FALSE)
def test_what_was_not_said_stays_unverified(
    meeting: Transcript, kind: ItemKind, text: str, cites: tuple[int, ...], quote: str | None
) -> None:
    (item,) = check([Item(kind, text, cites, quote, verified=True)], meeting)
    assert not item.verified
    assert item.text == text  # it stays, for a person to judge


_OWNERS = [
    # (meeting, cites, owner as written, owner that stays)
    (LAUNCH, (5,), "Bob", "Bob"),  # speaks of himself
    (LAUNCH, (5,), "bob", "bob"),
    (LAUNCH, (5,), "I", "Bob"),  # "I" is whoever says it
    (LAUNCH, (5,), "Alice", None),  # Bob said that he would
    (LAUNCH, (6,), "Carol", "Carol"),  # named
    (LAUNCH, (6, 7), "Carol", "Carol"),
    (LAUNCH, (8,), "Alice", "Alice"),  # "we", and Alice goes on
    (LAUNCH, (5,), "Finance", None),  # named only in what Bob promises himself
    (LAUNCH, (5,), "Unknown", None),
    (LAUNCH, (2,), "Zoe", None),  # nobody of that name
    (LAUNCH, (3, 5), "me", None),  # two people speak: whose "me"?
    (BUDGET, (4,), "박지훈", "박지훈"),
    (BUDGET, (4,), "지훈 씨", "지훈 씨"),
    (BUDGET, (4,), "제가", "박지훈"),
    (BUDGET, (4,), "김민수", None),  # "제가" was Park
    (BUDGET, (6,), "김 대리", "김 대리"),
    (BUDGET, (6,), "김대리님", "김대리님"),
    (BUDGET, (6,), "최 부장", None),
    (CLINIC, (4,), "Nurse Patel", "Nurse Patel"),
    (CLINIC, (4,), "Patel", "Patel"),
    (CLINIC, (4,), "Dr. Osei", None),
    (GARDEN, (5,), "Speaker 2", "Speaker 2"),
    (GARDEN, (5,), "Speaker 1", None),  # "Speaker" is not a name
    (GARDEN, (5,), "Harriet", None),  # whom the speaker will call
    (SCHOOL, (5,), "교육청", "교육청"),
    (SCHOOL, (5,), "교장", None),
]  # fmt: skip


@pytest.mark.parametrize(("meeting", "cites", "owner", "kept"), _OWNERS)
def test_an_owner_speaks_or_is_named(
    meeting: Transcript, cites: tuple[int, ...], owner: str, kept: str | None
) -> None:
    quote = meeting.by_number()[cites[-1]].text
    (item,) = check([Item(ACTION, quote, cites, quote, owner=owner)], meeting)
    assert item.owner == kept


def test_a_claim_that_names_a_false_owner_is_not_verified() -> None:
    item = Item(
        ACTION, "Alice sends the pricing sheet.", (5,), "send the pricing sheet", owner="Alice"
    )
    (made,) = check([item], LAUNCH)
    assert (made.owner, made.verified) == (None, False)


_MENDED = [
    # (cites, quote, the citations afterwards)
    ((3,), "The beta has forty users", (2,)),  # one off: put right
    ((4,), "The beta has forty users", (2,)),  # two off
    ((1,), "launch on the tenth", (3,)),
    ((5,), "The beta has forty users", (5,)),  # too far: left alone
    ((3, 4), "The beta has forty users", (2, 3, 4)),  # beside others
    ((4,), "agreed? Yes, let's do that", (3, 4)),  # over two lines, one cited
    ((2, 77), "The beta has forty users", (2,)),  # those that do not exist go
    ((3, 2, 2), "The beta has forty users", (2, 3)),  # in order, once each
    ((1,), "Good morning everyone", (1,)),
    ((11,), "let's come back to it", (11,)),
]


@pytest.mark.parametrize(("cites", "quote", "mended"), _MENDED)
def test_a_citation_that_just_misses_is_mended(
    cites: tuple[int, ...], quote: str, mended: tuple[int, ...]
) -> None:
    (item,) = check([Item(FACT, quote, cites, quote)], LAUNCH)
    assert item.utterances == mended


_DUES = [
    # (meeting, cites, due as written, is it kept?)
    (LAUNCH, (5,), "by Friday", True),
    (LAUNCH, (5,), "Friday", True),
    (LAUNCH, (5,), "by Monday", False),
    (LAUNCH, (5,), "next month", False),
    (LAUNCH, (4,), "the tenth of December", True),  # said just before
    (LAUNCH, (3,), "December 10", True),  # other words, the same numbers
    (LAUNCH, (3,), "December 12", False),
    (BUDGET, (4,), "다음 주 화요일까지", True),
    (BUDGET, (4,), "다음주 화요일", True),
    (BUDGET, (4,), "다음 주 금요일까지", False),
    (BUDGET, (5,), "12월 10일", True),
    (BUDGET, (5,), "12월 15일", False),
    (BUDGET, (4,), "", False),
    # words that were spoken, but tell no time
    (BUDGET, (4,), "견적서", False),
    (LAUNCH, (5,), "the pricing sheet", False),
]


@pytest.mark.parametrize(("meeting", "cites", "due_text", "kept"), _DUES)
def test_a_due_date_was_spoken(
    meeting: Transcript, cites: tuple[int, ...], due_text: str, kept: bool
) -> None:
    quote = meeting.by_number()[cites[0]].text
    item = Item(ACTION, quote, cites, quote, due_text=due_text, due="2026-01-01")
    (made,) = check([item], meeting)
    assert (made.due_text, made.due) == ((due_text, "2026-01-01") if kept else (None, None))


@pytest.mark.parametrize(
    "words",
    ["출시 전까지", "다음 회의 때", "배포 후", "수 오전", "연말", "열흘 안에", "이번 분기 말"]
    + [
        "before the launch",
        "EOD",
        "end of Q3",
        "in two weeks",
        "once it ships",
        "as soon as we can",
    ],
)
def test_words_that_tell_a_time(words: str) -> None:
    assert tells_time(words)


@pytest.mark.parametrize(
    "words", ["수정", "제작비", "언제", "결제 모듈", "the price", "Kim", "수익"]
)
def test_words_that_tell_none(words: str) -> None:
    assert not tells_time(words)


def test_the_time_of_an_item_is_unknown_where_the_transcript_has_none() -> None:
    meeting = Transcript((Utterance(4, None, None, None, "The beta has forty users."),))
    (item,) = check([Item(FACT, "The beta has 40 users.", (4,), "has forty users")], meeting)
    assert (item.start, item.verified) == (None, True)


def test_numbers_with_gaps_are_neighbours_by_place() -> None:
    spoken = (
        Utterance(10, 0.0, 1.0, None, "The beta has forty users."),
        Utterance(20, 1.0, 2.0, None, "And churn is falling."),
    )
    (item,) = check(
        [Item(FACT, "The beta has 40 users.", (20,), "forty users")], Transcript(spoken)
    )
    assert item.utterances == (10,)
    assert item.verified


def test_the_order_and_number_of_items_stay() -> None:
    items = [Item(FACT, str(place), (place,), "nothing") for place in range(20)]
    assert [item.text for item in check(items, LAUNCH)] == [item.text for item in items]
    assert check([], LAUNCH) == ()
    assert check(items, Transcript(()))[0].utterances == ()


def test_checking_twice_changes_nothing() -> None:
    items = [
        Item(kind, text, cites, quote, owner="Bob", due_text="by Friday")
        for _, kind, text, cites, quote in (*_TRUE, *_FALSE)
    ]
    once = check(items, LAUNCH)
    assert check(once, LAUNCH) == once


def test_who_only_asks_is_no_owner_of_what_another_promises() -> None:
    asked = Item(ACTION, "Book the venue", (6,), "can you book the venue", owner="Alice")
    answered = Item(ACTION, "Book the venue", (6, 7), "can you book the venue", owner="Carol")
    found = check([asked, answered], LAUNCH)
    assert [item.owner for item in found] == [None, "Carol"]
    assert all(item.verified for item in found)


@pytest.mark.parametrize(
    ("meeting", "kind", "text", "cites", "quote", "verified"),
    [
        (OPS, DECISION, "The old cluster is killed.", (9,), "can we kill it", False),
        (OFFICE, FACT, "매출이 12% 줄었다.", (1,), "십이 프로 늘었고요", False),
        (OFFICE, FACT, "매출이 12% 증가했다.", (1,), "십이 프로 늘었고요", True),
        # a number with its unit in the quote stands for the words
        (BUDGET, FACT, "잔존율 40%", (7,), "마흔 퍼센트로 떨어졌어요", True),
    ],
)
def test_a_claim_says_what_its_lines_do(
    meeting: Transcript, kind: ItemKind, text: str, cites: tuple[int, ...], quote: str,
    verified: bool,
) -> None:  # fmt: skip
    (item,) = check([Item(kind, text, cites, quote=quote)], meeting)
    assert item.verified is verified


@pytest.mark.parametrize(
    ("text", "language", "verified"),
    [
        ("출시 일정", "ko", True),
        ("The launch schedule", "en", True),  # minutes in English of a Korean meeting
        ("The launch schedule", "ko", False),  # neither the meeting's language nor the minutes'
        ("plywood dialogRef cout dub", "ko", False),
        ("출시 일정 根本", "ko", False),
        ("출시 일정 стать", None, False),
        ("출시 일정 café α", "ko", True),
        ("','", "ko", False),  # what a real server with a random model wrote
        ('"', None, False),
    ],
)
def test_a_topic_in_a_language_that_nobody_asked_for_is_not_believed(
    text: str, language: str | None, verified: bool
) -> None:
    line = "출시 일정을 12월 10일로 정하겠습니다. 출시 준비를 봅시다."
    said = Transcript(numbered([(0.0, 5.0, "김지수", line)]), "ko")
    (item,) = check([Item(ItemKind.TOPIC, text, (1,))], said, language=language)
    assert item.verified is verified
