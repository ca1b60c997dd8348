"""Words that a correction may not exchange although they look or sound like misheard ones:
opposites ("늘었다" and "줄었다", "유상" and "무상") and pronouns ("She" and "He").

They are apart from fixed_words, which also tells whether two items of minutes say the same.
"""

from __future__ import annotations

import re

_KOREAN = (
    "유상|무상|유급|무급|유효|무효|유죄|무죄|유선|무선|유한|무한|유인|무인|유기한|무기한|상위|하위"
    "|상급|하급|상향|하향|상한|하한|상단|하단|상승|하강|전반|후반|전기|후기|전자|후자|전방|후방"
    "|선불|후불|선행|후행|단기|장기|단점|장점|고가|저가|고점|저점|고위험|저위험|다수|소수|대형|소형"
    "|대량|소량|긍정|부정|적극|소극|직접|간접|참석|불참|출석|결석|동의|이의|가입|탈퇴|입고|출고"
    "|입력|출력|출근|퇴근|출국|입국|출발|도착|전입|전출|유입|유출|입사|퇴사|입장|퇴장|채용|해고"
    "|연장|단축|확대|축소|강화|약화|개선|개악|흑자|적자|호재|악재|이익|손실|이득|손해|자산|부채"
    "|차변|대변|수익|비용|개업|폐업|개장|폐장|개점|폐점|개통|등록|해지|해제|해약|체결|설치|제거"
    "|생산|소비|공급|수요|판매|구매|발주|수주|송금|수금|송신|수신|발신|원청|하청|임대|임차|채권|채무"
    "|대여|차입|원고|피고|내수|외수|국내|국외|해외|신규|기존|중단|재개|유지|확정|취소|연기|의무|임의"
    "|권리|필수|선택|남성|여성|남자|여자|왼쪽|오른쪽|좌측|우측|동쪽|서쪽|남쪽|북쪽|앞|뒤|먼저|나중"
    "|합법|불법|공급자|수요자|갑|을(?=이|은|측|의\\s)"
)
_VERBS = (
    "늘[어었리린릴려렸고면지]|줄[어었이인일여였고면지]|오[르른를]|올[라랐리린릴립려렸]"
    "|내[리린릴립려렸]|높[아았이인일여였은습고]|낮[아았추춘출춰췄은습고]|많[아았은습고]|적[어었은습고]"
    "|크[고게다]|큰|커[서지졌요]|컸|작[아았은습고]|빠르|빨[라랐리]|느[리린려렸]|늦[어었은게추]"
    "|열[어었리린려렸고기]|닫[아았히힌혀혔고기]|켜|켰|켭|켠|끄|껐|끕|꺼|얻[어었은]|잃[어었은]|이[겼긴길]"
    "|졌|팔[아았고]|샀|받[아았은습고]|줬|주었|보[내냈낸]|넣[어었은]|빼|뺐|뺀|더[하해했]|붙[이여였]"
    "|떼|뗐|맞[습아았]|틀[리렸린]|같[아았은습]|다[르른를]|달[라랐]|좋[아았은습]|나[쁘쁜빠빴]"
    "|쉽|쉬[운웠워]|어[렵려]|길[어었]|짧[아았은]|찬[성]|남[아았]|떠[나났]|시작|끝|빠[지진져졌]"
)
_PRONOUN = (
    "우리|저희|저흰|그녀|당신|여러분|본인|상대|(?<![가-힣])(?:저|나|너|제|내|네|걔|얘|쟤|저분|그분)"
    "(?=(?:는|가|도|를|의|만|한테|에게|께서)?(?:\\s|[.,?!]|$))"
)
_ENGLISH = (
    "i|you(?!['’]re)|he|she|we|me|him|her|us|them|his|hers|my|mine|myself|himself|herself"
    "|up|down|off|out|if|only|both|any|every|until|since|when|who|why|ever|again"
    "|rise|rises|rose|fall|falls|fell|grow|grew|shrink|shrank|raise|raised|raises|lower|lowered"
    "|high|low|higher|gain|gains|gained|lose|loses|lost|loss|profit|win|won|buy|bought|sell|sold"
    "|borrow|lend|hire|hired|fire|fired|start|stop|open|close|closed|push|pull|send|receive"
    "|early|late|first|final|old|new|big|small|long|short|fast|slow|left|right(?=\\s(?:side|hand))"
    "|credit|debit|employer|employee|input|output|upstream|downstream|upload|download|yes|yeah"
    "|erase|add|added|remove|removed|expand|reduce|legal|illegal|public|private|true|false"
)
_TURNED = re.compile(
    rf"{_KOREAN}|(?<![가-힣])(?:{_VERBS})|{_PRONOUN}|\b(?:{_ENGLISH})\b|['’](?:ll|d)\b",
    re.IGNORECASE,
)


def same(before: str, after: str) -> bool:
    """Do both texts have the same of these words in the same order?"""
    return _of(before) == _of(after)


def _of(text: str) -> list[str]:
    return [match.group().lower() for match in _TURNED.finditer(text)]
