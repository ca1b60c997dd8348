"""Names in a claim that nobody said: an English capital inside a sentence, a Korean place or
institution. Only names that the whole meeting lacks are accused, so a doubt never accuses."""

from __future__ import annotations

import re

from core.domain.due_words import weekdays_in
from core.domain.transcript import language_of
from core.domain.wording import content, fold

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    + ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
)
_OPENS = re.compile(r"(?:^|[.!?:;\n\"“(•*#-])\s*$")
_DOES = re.compile(r"\s+(?:will|said|says|reported|promised|agreed|asked|offered|is going to|'s)\b")
_COMMON = frozenset(
    [
        "everyone",
        "everybody",
        "nobody",
        "someone",
        "somebody",
        "management",
        "marketing",
        "sales",
        "support",
        "legal",
        "finance",
        "engineering",
        "design",
        "customers",
        "users",
        "people",
        "staff",
        "participants",
        "attendees",
        "speaker",
    ]
)
_TITLE_CASE = 0.6
_PLACES = (
    "서울|부산|대구|인천|광주|대전|울산|세종|수원|성남|판교|강남|여의도|제주|창원|전주|청주|천안|포항|경주"
    "|강릉|춘천|도쿄|오사카|베이징|상하이|홍콩|싱가포르|뉴욕|런던|파리|하노이|시드니|미국|일본|중국|독일|프랑스"
)
_INSTITUTIONS = r"[가-힣]{2,}(?:은행|대학교|공항|병원|그룹|전자|백화점|호텔)"
_KOREAN = re.compile(rf"(?<![가-힣])(?:{_PLACES}|{_INSTITUTIONS})(?=[가-힣]{{0,3}}(?![가-힣]))")


def invents_name(claim: str, *, said: str) -> bool:
    """Does a claim name something that stands nowhere in `said`, all there is of the meeting?

    Latin names are compared only where the meeting is in English: elsewhere they may have been
    spoken in Hangul. Months and weekdays are numbers' business.
    """
    unspaced = fold(said).replace(" ", "")
    if any(match.group() not in unspaced for match in _KOREAN.finditer(claim)):
        return True
    if language_of(claim) != "en" or language_of(said) != "en":
        return False
    words = list(_WORD.finditer(claim))
    capitals = sum(word.group()[0].isupper() for word in words)
    if capitals > _TITLE_CASE * len(words):
        return False  # A heading in capitals.
    return any(_is_invented(word, claim, said, unspaced) for word in words)


def _is_invented(word: re.Match[str], claim: str, said: str, unspaced: str) -> bool:
    text = re.sub(r"['’]s?$", "", word.group())
    if not text[:1].isupper() or text.isupper() or len(text) < 3 or text.lower() in _MONTHS:
        return False
    if weekdays_in(text) or fold(text).replace(" ", "") in unspaced:
        return False
    if _OPENS.search(claim[: word.start()]) and (
        text.lower() in _COMMON or not _DOES.match(claim, word.end())
    ):
        return False
    keys = content(text)
    return bool(keys) and not keys & content(said)
