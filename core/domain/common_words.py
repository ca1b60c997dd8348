"""Words that tell nothing about what was said: grammar, days, and the phrases all minutes are made
of. Lists of our own, short on purpose: a missing word costs little, a wrong one hides a lie."""

from __future__ import annotations

import re

_ENGLISH = """
a about above after again all also am an and any are as at back be because been before being both
but by can cannot could did do does doing done down each even every few for from further get gets
getting give go goes going got had has have having he her here hers him his how i if in into is it
its just keep let like made make makes making may me might more most much must my need needs new no
nor not now of off on once one only or other our out over own per please put re said same say says
see set shall she should so some such take takes than that the their them then there these they
thing things this those to too two under until up us use used using very via want wants was way we
well were what when where which while who whom why will with within without would yes yet you your
im ill ive id dont doesnt didnt cant wont isnt arent thats lets were theyre well youre weve gonna
wanna okay ok yeah yep right sure fine good great thanks thank sorry actually maybe really um uh
"""
_MINUTES = (
    """
action actions agenda agree agreed agreement agrees announce announced ask asked asks confirm
confirmed conclude concluded consider considered decide decided decides decision decisions deadline
discuss discussed discusses discussion ensure item items meeting meetings mention mentioned member
members minutes note noted open participant participants people person plan planned plans present
propose proposed proposal question raise raised speaker speakers state stated suggest suggested team
teams todo told topic
"""
    + """
day days week weeks month months year years today tomorrow tonight yesterday morning afternoon
evening noon monday tuesday wednesday thursday friday saturday sunday january february march april
june july august september october november december end next last first second third due hour
hours minute
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
seventy eighty ninety hundred thousand million billion half percent
"""
)
_KOREAN = """
결정 결정했 합의 진행 확인 논의 예정 필요 회의 참석 담당 관련 대한 대해 대하 위해 위하 통해 통하
이번 다음 지난 우리 저희 그것 이것 저것 오늘 내일 모레 어제 글피 월요일 화요일 수요일 목요일
금요일 토요일 일요일 주말 월말 연말 까지 부터 하기 하고 해야 되어 있는 없는 있다 없다 있습니다
없습니다 있어 있고 있음 함께 그리고 그래서 그런데 그러면 그럼 하지만 또한 모두 먼저 같이 제안 요청
언급 설명 질문 답변 말씀 계획 방안 경우 정도 내용 부분 상황 대로 이후 이전 동안 때문 바로 다시
아직 이제 지금 그냥 정말 아마 혹시 네네 그렇 이렇 저렇 어떻 그거 이거 저거 여기 거기 누가 무엇
언제 어디 제가 내가 저는 나는 하겠 합니 했습 됩니 되었 않기 않습 한다 된다 위한 따라 의해 대비
각각 기한 마감 오전 오후 아침 저녁 점심 시간 개월 동의 기로 하자 해서 하면 하는 해주 주기 참여자
화자 퍼센트 만원 백만 천만
"""
_ALONE = """
네 예 네네 아니요 아니오 그래 그래요 그럼요 그렇죠 그렇습니다 맞아요 맞습니다 좋아요 좋습니다
알겠습니다 알겠어요 그리고 그래서 그런데 그러면 그럼 근데 이제 그냥 저는 제가 우리 우리가 저희
저희가 그거 이거 이것 그것 합니다 하겠습니다 됩니다 있습니다 감사합니다 안녕하세요 오케이 음 어 아
"""


def _set(*lists: str) -> frozenset[str]:
    return frozenset(word for words in lists for word in words.split())


NEVER_ALONE = _set(_ENGLISH, _ALONE)
"""A quote needs a word that is none of these."""

LIGHT = _set(_ENGLISH, _MINUTES, _KOREAN, _ALONE)
"""Words by which a claim cannot be told from another."""

IRREGULAR = {
    "sent": "send", "bought": "buy", "chose": "choose", "chosen": "choose", "paid": "pay",
    "met": "meet", "held": "hold", "built": "build", "left": "leave", "wrote": "write",
    "written": "write", "spent": "spend", "lost": "lose", "sold": "sell", "brought": "bring",
    "found": "find", "kept": "keep", "began": "begin", "begun": "begin", "ran": "run",
    "grew": "grow", "grown": "grow", "rose": "rise", "risen": "rise", "fell": "fall",
    "fallen": "fall", "taught": "teach", "thought": "think", "broke": "break",
    "broken": "break", "drew": "draw", "drawn": "draw", "froze": "freeze", "frozen": "freeze",
}  # fmt: skip

ENDINGS = re.compile(
    r"(?:입니다|습니다|ㅂ니다|합니다|하겠습니다|했습니다|됩니다|할게요|할께요|해요|했어요|드릴게요|드리겠습니다|드립니다"
    r"|하기로|되기로|시키기로|기로|하도록|도록|해야|하며|하면|하고|해서|하여|하는|하자|하죠|합시다|했다|한다|하다|된다"
    r"|되었다|됐다|되는|돼야|할|한|함|됨|해|했음|이라고|라고|이라는|라는|에서는|에서|에게|께서|으로|까지|부터|보다|처럼"
    r"|만큼|이나|이며|이고|은|는|이|가|을|를|의|에|로|와|과|도|만|들|님|씨|요|죠)$"
)
