"""The extractive engine on sentences of both languages: what it finds, and what it must not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.kinds import ItemKind
from core.domain.minutes import Item
from core.domain.transcript import Utterance, guess_language, numbered
from core.engines import korean as korean_module
from core.engines.base import Extractor
from core.engines.extractive import (
    ExtractiveEngine,
    assignments_english,
    assignments_korean,
    decisions_english,
    decisions_korean,
    talk_english,
    talk_korean,
)
from core.engines.extractive.cues import Cues, plain
from core.engines.extractive.dates import due_words
from core.engines.extractive.figures import has_figure
from core.engines.extractive.sentences import split_sentences

ENGINE = ExtractiveEngine()
MODULES = (
    assignments_english,
    assignments_korean,
    decisions_english,
    decisions_korean,
    talk_english,
    talk_korean,
)
TABLES = [
    pytest.param(table, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in MODULES
    for name, table in vars(module).items()
    if isinstance(table, Cues)
]


@pytest.fixture(scope="module", autouse=True)
def _end_child() -> Iterator[None]:
    yield
    korean_module.shared_korean().release()


def go_on() -> None:
    """Nobody cancels."""


def said(*texts: str, speaker: str | None = "Chair") -> tuple[Utterance, ...]:
    return numbered((i * 5.0, i * 5.0 + 4, speaker, text) for i, text in enumerate(texts))


def items(*texts: str, speaker: str | None = "Chair") -> tuple[Item, ...]:
    spoken = said(*texts, speaker=speaker)
    return ENGINE.items(spoken, language=guess_language(spoken), check=go_on)


def kinds(text: str) -> set[ItemKind]:
    return {item.kind for item in items(text)} - {ItemKind.TOPIC}


@pytest.mark.parametrize("table", TABLES)
def test_every_cue_finds_its_own_example(table: Cues) -> None:
    for pattern, example in table.rows:
        assert any(match.re.pattern for match in table.all(plain(example))), (pattern, example)


DECIDED = [
    "We decided to hire a second designer.",
    "The committee unanimously agreed to close the north entrance.",
    "Let's go with option B.",
    "Okay, we're going with the cheaper supplier.",
    "We'll go ahead with the merger in spring.",
    "Ship it on the 3rd.",
    "It was agreed that dues stay at forty dollars.",
    "The motion carries.",
    "The grant proposal is approved.",
    "Let's stick with the current logo.",
    "All right, so we're sticking with weekly releases.",
    "We agreed not to renew the lease.",
    "We decided against a second warehouse.",
    "No objections, so the picnic moves to Saturday.",
    "We have settled on Lisbon for the offsite.",
    "Our final decision is to keep the old vendor.",
    "The audit has been postponed to March.",
    "I think we've landed on Kotlin for the client.",
    "Let's postpone the launch until June.",
    "Fine, let's do that plan, okay?",
    "분기 워크숍은 제주에서 하기로 했습니다.",
    "그럼 B안으로 가죠.",
    "다음 달부터 구독료를 올리기로 결정했어요.",
    "로고는 파란색으로 확정하겠습니다.",
    "신규 거래처 계약을 승인합니다.",
    "회식은 금요일에 하는 걸로 하죠.",
    "수정 예산안이 만장일치로 통과되었습니다.",
    "이의가 없으시면 원안대로 가결하겠습니다.",
    "공사는 내년 봄으로 정했습니다.",
    "두 번째 시안은 쓰지 않기로 합의했습니다.",
    "이 기능은 이번 릴리스에서 빼기로 했어요.",
    "PostgreSQL로 가기로 했습니다.",
    "음료는 에이드로 가죠.",
    "We open the branch on March 2nd, that's final.",
    "온보딩 flow는 v2로 확정했습니다.",
    "당분간 재택근무를 유지하기로 했고요.",
]

NOT_DECIDED = [
    "We did not decide anything about the fence.",
    "We haven't agreed on a price yet.",
    "If we decided to leave, it would cost a fortune.",
    "Have we decided on a caterer?",
    "I propose that we close the branch.",
    "Maybe we should go with the second one.",
    "We need to decide on the venue by Friday.",
    "Once we have agreed on the scope, we can start.",
    "There was no decision on the parking fees.",
    "We could go with the bigger van.",
    "I do not think that we can approve this today.",
    "What if we decided to sell online?",
    "Let us move on to the catering.",
    "Let's take a short break.",
    "Let's see what happens.",
    "Nobody has approved the drawings.",
    "Two candidates passed the technical interview.",
    "아직 결정하지 못했습니다.",
    "오늘 바로 승인하기는 어렵습니다.",
    "행사를 미루는 것을 제안합니다.",
    "장소를 정해야 합니다.",
    "만약 그렇게 결정했으면 손해가 컸을 겁니다.",
    "업체를 바꾸기로 결정했습니까?",
    "그 건에 대해서는 합의한 적이 없습니다.",
    "결정된 것이 아직 없어요.",
    "바꾸면 어떨까 합니다.",
    "그럼 다음 안건으로 가죠.",
    "잠시 쉬었다가 다시 시작하겠습니다.",
    "예산 승인이 아직 안 났습니다.",
    "견적을 보내기로 했는데 아직 못 보냈습니다.",
    "면접을 두 명이 통과했습니다.",
    "그렇게 하기로 한다면 비용이 듭니다.",
]


@pytest.mark.parametrize("text", DECIDED)
def test_a_decision_is_found(text: str) -> None:
    assert ItemKind.DECISION in kinds(text)


@pytest.mark.parametrize("text", NOT_DECIDED)
def test_what_was_not_decided_is_no_decision(text: str) -> None:
    assert ItemKind.DECISION not in kinds(text)


# text, owner, due_text; the speaker is "Chair"
TASKS: list[tuple[str, str | None, str | None]] = [
    ("I'll take care of it.", "Chair", None),
    ("I will draft the press release by Thursday.", "Chair", "by Thursday"),
    ("I’m going to call the landlord tomorrow morning.", "Chair", "tomorrow morning"),
    ("Leave it with me.", "Chair", None),
    ("I can take the onboarding docs.", "Chair", None),
    ("So Priya will update the wiki before the end of March.", "Priya", "before the end of March"),
    ("Omar is going to book the venue by next Wednesday.", "Omar", "by next Wednesday"),
    ("Lena, could you send the contract to legal by EOD?", "Lena", "by EOD"),
    ("Tom, please check the wiring.", "Tom", None),
    ("Could you update the roadmap, Mei?", "Mei", None),
    (
        "Dr. Alvarez will review the sample sizes within two weeks.",
        "Dr. Alvarez",
        "within two weeks",
    ),
    ("The design team will prepare three mockups by the 12th.", "The design team", "by the 12th"),
    ("Marketing will send the newsletter on Monday.", "Marketing", "on Monday"),
    (
        "Please submit your expense reports by the end of the month.",
        None,
        "by the end of the month",
    ),
    ("Action item for Noah: renew the domain.", "Noah", None),
    ("Anna to circulate the notes by Monday.", "Anna", "by Monday"),
    ("Grace agreed to review the lease.", "Grace", None),
    ("We need to finish the audit by December 10th.", None, "by December 10th"),
    ("Someone needs to order more chairs.", None, None),
    ("Jo, please line up two extra trainers for the weekend.", "Jo", "for the weekend"),
    ("미납자 명단은 총무님이 정리해서 공유해 주세요.", "총무", None),
    ("금요일까지는 할 수 있을 것 같아요.", "Chair", "금요일까지는"),
    ("제가 할게요.", "Chair", None),
    ("그건 제가 내일까지 정리하겠습니다.", "Chair", "내일까지"),
    ("민수 씨가 다음 주까지 정리해 주기로 했어요.", "민수", "다음 주까지"),
    ("한가람 님이 십이월 초까지 견적서를 받아 오겠습니다.", "한가람", "십이월 초까지"),
    ("박 팀장님이 이번 주 안에 거래처에 연락하기로 했습니다.", "박 팀장", "이번 주 안에"),
    ("유진 님, 회의록을 내일 오전까지 공유해 주세요.", "유진", "내일 오전까지"),
    ("디자인팀에서 시안을 수요일까지 보내 주기로 했습니다.", "디자인팀", "수요일까지"),
    ("서다은이 포스터를 인쇄하겠습니다.", "서다은", None),
    ("담당자는 오세훈 님입니다.", "오세훈", None),
    ("내일까지 확인해 볼게요.", "Chair", "내일까지"),
    ("숫자를 다시 확인하고 보고서에 반영하겠습니다.", "Chair", None),
    ("영수증은 월말까지 제출해 주세요.", None, "월말까지"),
    ("Kevin 님이 API 문서를 금요일까지 업데이트하겠습니다.", "Kevin", "금요일까지"),
    ("다음 주 수요일까지 견적을 받아 봅시다.", None, "다음 주 수요일까지"),
    ("하늘 님이 15일까지 신청서를 제출해야 합니다.", "하늘", "15일까지"),
]

NO_TASK = [
    "Who will write the report?",
    "Will you be there tomorrow?",
    "I won't send it.",
    "If Anna will send the file, we can start.",
    "I'll start with the agenda.",
    "I will be happy to answer.",
    "The office will be closed on the twenty fourth.",
    "Customers will complain on Monday.",
    "Prices will rise by Friday.",
    "Sarah, can you give us an update on the app?",
    "Let me show you the chart.",
    "December will be hard.",
    "Easy to find in the shop.",
    "You know, Sam, you can make the hard decisions.",
    "Let us move on to the budget.",
    "I would like to invite both of them.",
    "He said he would fix it.",
    "회의를 시작하겠습니다.",
    "알겠습니다.",
    "다음 안건으로 넘어가겠습니다.",
    "먼저 지난달 실적을 말씀드리겠습니다.",
    "김지수 님, 앱 진행 상황을 말씀해 주세요.",
    "누가 정리할까요?",
    "비용이 더 늘 겁니다.",
    "그렇게 하면 좋겠습니다.",
    "문을 닫아 주세요.",
    "오늘 회의를 마치겠습니다.",
    "안녕하세요, 반갑습니다.",
    "보내지 않겠습니다.",
    "잘 모르겠습니다.",
    "네 부탁해요.",
]


@pytest.mark.parametrize(("text", "owner", "due_text"), TASKS)
def test_a_task_has_its_owner_and_its_term(
    text: str, owner: str | None, due_text: str | None
) -> None:
    found = [item for item in items(text) if item.kind == ItemKind.ACTION]
    assert [(item.owner, item.due_text) for item in found] == [(owner, due_text)]
    assert all(item.due is None for item in found)


@pytest.mark.parametrize("text", NO_TASK)
def test_what_nobody_takes_on_is_no_task(text: str) -> None:
    assert ItemKind.ACTION not in kinds(text)


def test_a_promise_in_a_transcript_without_speakers_has_no_owner() -> None:
    found = [
        item
        for item in items("제가 할게요.", "I'll fix it.", speaker=None)
        if item.kind == "action"
    ]
    assert [item.owner for item in found] == [None, None]


QUESTIONS = [
    "How many testers do we have?",
    "Who owns the safety checklist?",
    "Why did the rent go up",
    "I have a question about the insurance.",
    "Can we turn off the heating at night?",
    "배송이 왜 늦어졌습니까?",
    "이 서버는 누가 관리하나요?",
    "예산은 얼마나 남았는지요",
    "비밀번호를 바꾸면 로그인이 풀릴까요?",
    "보험에 대해서 질문이 있습니다.",
    "API rate limit은 얼마예요?",
]

NO_QUESTIONS = [
    "Is there any other business?",
    "Any questions?",
    "Can everyone hear me?",
    "Does anyone object to the new date?",
    "Right?",
    "How are you all?",
    "Shall we move on?",
    "다른 안건이 있습니까?",
    "질문 있으신가요?",
    "잘 들리시나요?",
    "그렇죠?",
    "새 일정에 반대하시는 분 계십니까?",
    "시작할까요?",
    "The rent went up.",
    "비용이 늘었습니다.",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_found(text: str) -> None:
    assert ItemKind.QUESTION in kinds(text)


@pytest.mark.parametrize("text", NO_QUESTIONS)
def test_courtesy_is_no_question(text: str) -> None:
    assert ItemKind.QUESTION not in kinds(text)


FACTS = [
    "The heating bill went up by twelve percent.",
    "We sold 1,240 tickets last weekend.",
    "Average wait time is nine hours.",
    "The new pump is twice as loud.",
    "The inspection took place on Tuesday.",
    "난방비가 십이 퍼센트 올랐습니다.",
    "지난주에 표를 1,240장 팔았습니다.",
    "설문에 삼백 명이 답했습니다.",
    "평균 대기 시간은 아홉 시간입니다.",
    "새 펌프는 두 배 시끄럽습니다.",
    "latency가 200ms에서 120ms로 줄었습니다.",
]

NO_FACTS = [
    "This one looks nice to me.",
    "네, 알겠습니다.",
    "이 분은 새로 오신 연구원입니다.",
    "That sounds like a good idea to everyone.",
    "오늘 안건은 세 가지입니다.",
    "좋은 생각인 것 같습니다.",
]


@pytest.mark.parametrize("text", FACTS)
def test_a_figure_makes_a_fact(text: str) -> None:
    assert ItemKind.FACT in kinds(text)


@pytest.mark.parametrize("text", NO_FACTS)
def test_without_a_figure_there_is_no_fact(text: str) -> None:
    assert ItemKind.FACT not in kinds(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("by the end of next week we ship", "by the end of next week"),
        ("no later than March 3rd, please", "no later than March 3rd"),
        ("I'll do it asap", "asap"),
        ("due on 12/24", "due on 12/24"),
        ("until the next board meeting", "until the next board meeting"),
        ("in three days", "in three days"),
        ("the second option", None),
        ("May I add something", None),
        ("in the document", None),
        ("다음 회의 전까지 부탁해요", "다음 회의 전까지"),
        ("금요일 오후 세 시까지", "금요일 오후 세 시까지"),
        ("9월 초까지", "9월 초까지"),
        ("사흘 안에 끝내죠", "사흘 안에"),
        ("내년 상반기 중으로", "내년 상반기 중으로"),
        ("3일 이내에", "3일 이내에"),
        ("제가 점검표를 맡겠습니다", None),
        ("끝까지 해 봅시다", None),
    ],
)
def test_a_term_is_kept_in_the_spoken_words(text: str, words: str | None) -> None:
    assert due_words(text) == words


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("오만 원", True),
        ("네 알겠습니다", False),
        ("한 번 보세요", False),
        ("no one knows", False),
        ("half of them", True),
        ("이 주 뒤", True),
        ("B2B sales", False),
        ("$3.5 million", True),
    ],
)
def test_figures_in_digits_and_words(text: str, has: bool) -> None:
    assert has_figure(text) is has


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Mr. Kim agreed. It costs 3.5 million. Fine!",
            ["Mr. Kim agreed.", "It costs 3.5 million.", "Fine!"],
        ),
        (
            "네 그렇게 하죠 제가 정리할게요 중요 사항은 따로 보내겠습니다 감사합니다",
            ["네 그렇게 하죠", "제가 정리할게요", "중요 사항은 따로 보내겠습니다", "감사합니다"],
        ),
        ("비용은요? 올랐습니다. OK.", ["비용은요?", "올랐습니다.", "OK."]),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_sentences_of_both_languages(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_the_quotation_is_the_sentence_and_not_the_whole_breath() -> None:
    text = (
        "Thanks, Bob. The crowd was big. I will send the invoice by Friday. 네, 그건 제가 할게요."
    )
    found = [item for item in items(text) if item.kind == ItemKind.ACTION]
    assert [item.text for item in found] == [
        "I will send the invoice by Friday.",
        "네, 그건 제가 할게요.",
    ]


def test_an_assent_takes_up_the_proposal_before_it() -> None:
    found = items("How about we paint the hall green?", "Nice.", "Okay, let's do that.")
    (decision,) = [item for item in found if item.kind == ItemKind.DECISION]
    assert decision.text == "How about we paint the hall green?"
    assert decision.quote == "Okay, let's do that."
    assert decision.utterances == (1, 3)


def test_a_korean_assent_takes_up_the_proposal_before_it() -> None:
    found = items("워크숍을 화요일로 바꾸면 어떨까요?", "좋네요.", "그럼 그렇게 하죠.")
    (decision,) = [item for item in found if item.kind == ItemKind.DECISION]
    assert (decision.text, decision.utterances) == ("워크숍을 화요일로 바꾸면 어떨까요?", (1, 3))


SENTENCES = Path("/work/shared/data/whisper-closed-vocabulary/sentences.json")


@pytest.mark.skipif(not SENTENCES.exists(), reason="needs the shared test data")
@pytest.mark.parametrize(
    ("language", "decisions", "owners"),
    [
        ("en", [14, 24, 35], ["Sarah", "David", "Maria", None, "James", None, "A", None, "A"]),
        ("ko", [14, 24, 36], ["김지수", "박민호", "이영희", None, "최준영", None, "A", None, "A"]),
    ],
)
def test_a_whole_meeting_of_both_languages(
    language: str, decisions: list[int], owners: list[str | None]
) -> None:
    spoken = said(*json.loads(SENTENCES.read_text())[language], speaker="A")
    found = ENGINE.items(spoken, language=language, check=go_on)
    decided = [item.utterances[0] for item in found if item.kind == ItemKind.DECISION]
    assert decided == decisions
    assert [item.owner for item in found if item.kind == ItemKind.ACTION] == owners


MEETING = (
    "Good morning, let us begin.",
    "First, the garden budget.",
    "The garden budget grew by ten percent because the greenhouse needs new glass.",
    "The greenhouse glass costs four thousand euros.",
    "We decided to replace the greenhouse glass in spring.",
    "The garden committee will buy the glass from the local workshop.",
    "Let us move on to the choir.",
    "The choir rehearses in the library every Thursday.",
    "The library closes early, so the choir needs another rehearsal room.",
    "The school offered its music room for the choir rehearsal.",
    "Okay.",
    "Paula will call the school about the music room by Friday.",
    "다음은 주차장 안건입니다.",
    "주차장 조명이 고장 나서 밤에 주차장이 어둡습니다.",
    "주차장 조명을 교체하는 비용은 삼백만 원입니다.",
    "주차장 조명을 이번 달에 교체하기로 결정했습니다.",
    "네.",
    "Thank you all.",
)


def test_every_item_is_a_quotation_with_its_time() -> None:
    spoken = said(*MEETING)
    by_number = {utterance.number: utterance for utterance in spoken}
    found = ENGINE.items(spoken, language="en", check=go_on)
    assert {item.kind for item in found} >= {"topic", "decision", "action", "fact"}
    for item in found:
        assert item.verified
        assert any((item.quote or "") in by_number[number].text for number in item.utterances)
        assert item.start in {by_number[number].start for number in item.utterances}


def test_topics_cover_the_meeting_and_part_where_the_subject_changes() -> None:
    topics = [item for item in items(*MEETING) if item.kind == ItemKind.TOPIC]
    numbers = [number for topic in topics for number in topic.utterances]
    assert numbers == list(range(1, len(MEETING) + 1))
    assert {topic.utterances[0] for topic in topics} >= {7, 13}


def test_the_summary_quotes_in_order_and_leaves_out_what_says_nothing() -> None:
    spoken = said(*MEETING)
    summary = ENGINE.summary(spoken, language="en", check=go_on)
    numbers = [utterance.number for utterance in summary]
    assert numbers == sorted(set(numbers))
    assert 4 <= len(numbers) <= 12
    assert not {1, 11, 17, 18} & set(numbers)
    assert min(numbers) <= 6
    assert max(numbers) >= 13
    assert all(utterance in spoken for utterance in summary)


def test_a_long_breath_is_trimmed_to_its_sentence() -> None:
    long = " ".join(f"The pump of hall {n} was repaired by the north crew." for n in range(12))
    summary = ENGINE.summary(said(long, *MEETING), language="en", check=go_on)
    assert all(len(utterance.text) <= 200 for utterance in summary)
    assert all(
        utterance.text in (long, *MEETING) or utterance.text in long for utterance in summary
    )


def test_a_repeated_sentence_is_summed_up_once() -> None:
    looped = said(*["The choir needs another rehearsal room in the library."] * 20, *MEETING)
    texts = [utterance.text for utterance in ENGINE.summary(looped, language="en", check=go_on)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("How much does the greenhouse glass cost?", 4),
        ("Who calls the school?", 12),
        ("주차장 조명 교체 비용은 얼마인가요?", 15),
        ("10%", 3),
        ("3000000원", 15),
        ("CHOIR rehearsal on thursdays", 8),
    ],
)
def test_a_passage_answers_a_question(question: str, number: int) -> None:
    passages = ENGINE.passages(said(*MEETING), question, limit=3)
    assert passages[0].utterance.number == number
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "question", ["", "???", "quantum chromodynamics", "the of and", "양자역학"]
)
def test_nothing_matches_nothing(question: str) -> None:
    assert ENGINE.passages(said(*MEETING), question, limit=5) == ()


HOSTILE = [
    (),
    ("Hi.",),
    ("네.", "음."),
    ("We decided to go.", "1234 5678"),
    ("....", "!!!", "—", "   ?"),
    ("\ud800 \x00 <end_of_turn> {{x}}", "({[" * 200, "A" * 20_000, "가" * 20_000),
    ("日本語だけの会議です。次の議題に移ります。", "Встреча начинается в десять."),
    (
        "ok " + "!" * 5_000 + " ship",
        "so, " * 3_000,
        "please " * 2_000,
        "Will " * 3_000,
        "을 " * 4_000,
    ),
    ("제 " * 3_000 + "가", "I" + " will" * 2_000 + "?", "1" * 9_000, "by by by " * 1_000),
]


@pytest.mark.parametrize("texts", HOSTILE, ids=range(len(HOSTILE)))
def test_any_transcript_is_survived(texts: tuple[str, ...]) -> None:
    spoken = tuple(Utterance(n, None, None, None, text) for n, text in enumerate(texts, 1))
    found = ENGINE.items(spoken, language="en", check=go_on)
    assert all(item.start is None for item in found)
    assert len(ENGINE.summary(spoken, language="ko", check=go_on)) <= 12
    ENGINE.passages(spoken, "ship 가", limit=3)


def test_long_work_can_be_cancelled() -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    for work in (ENGINE.items, ENGINE.summary):
        with pytest.raises(Stopped):
            work(said(*MEETING), language="en", check=stop)


def test_it_is_an_extractor_named_extractive() -> None:
    engine: Extractor = ExtractiveEngine()
    assert engine.name == "extractive"
