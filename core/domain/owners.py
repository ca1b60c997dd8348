"""Who an action belongs to: a name counts only if its bearer speaks in the cited lines, or is named
in them. "I" is whoever says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.domain.common_words import LIGHT
from core.domain.transcript import Utterance
from core.domain.wording import fold

_I = frozenset(
    ("i", "me", "myself", "나", "저", "제가", "내가", "본인", "나는", "저는", "화자", "발화자")
)
_FIRST_PERSON = re.compile(
    r"\bI(?:['’](?:ll|m|d|ve))?\b|\blet me\b"
    r"|제가|내가|저는|나는|저도|(?:할|릴|볼|갈|낼|줄|쓸|둘)게요?|겠습니다|(?<![가-힣])저희가"
)
_PROMISE = re.compile(
    r"\bI(?:['’]ll| will| can|['’]m going to| have to| need to)\b|\blet me\b|\bwill do\b"
    r"|제가|내가|저는|[가-힣]+(?:할|릴|둘|볼|갈|낼|줄|쓸|올릴)게요|[가-힣]+겠습니다",
    re.IGNORECASE,
)
_CHAIRING = re.compile(
    r"(?:결정|승인|확정|시작|마치|정리|종료|넘어가|진행|알)(?:하겠|겠|할게요|게요)"
)
_REQUESTS = re.compile(
    r"\?|주세요|주시|부탁|달라|\b(?:could|can|would|will) you\b|\bplease\b|\byou['’]ll\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:ask|have|get|tell|let)\b|\band I\b|부탁|요청|시키|랑 제가|와 제가|과 제가"
)
_PROMISED = re.compile(
    r"\b(?:will|promised|agreed to|is going to|committed to|is to)\b|기로|예정|겠다|할 것|맡",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?。])\s+|\n")
_TITLE = re.compile(
    r"(?:대표님|대표|이사님|이사|상무|전무|부장|차장|과장|대리|주임|사원|팀장|실장|본부장|센터장"
    r"|선임|책임|수석"
    r"|매니저|프로|교수|박사|선생|작가|기자|위원장|위원|의원|사장|회장|원장|국장)?(?:님|씨)?$"
)
_CALLED = re.compile(
    r"(?<![가-힣])([가-힣]{2,4}?)\s?(?:님|씨|대표|이사|상무|전무|부장|차장|과장|대리|주임|팀장"
    r"|실장|본부장|센터장"
    r"|매니저|교수|박사)(?:님)?(?:이|가|은|는|을|를|께서|께|에게|의|과|와|도)?(?![가-힣])"
)
_ROLES = frozenset(
    ("고객", "손님", "여러분", "선생", "담당자", "참석자", "관리자", "사용자", "상대방", "직원")
    + ("회원", "부모")
)
_GENERIC = frozenset(
    (
        "speaker",
        "participant",
        "참석자",
        "참여자",
        "화자",
        "team",
        "팀",
        "the",
        "mr",
        "ms",
        "mrs",
        "dr",
    )
) | {"prof", "person", "user", "unknown", "guest", "and", "of", "manager", "director", "lead"}


def found_owner(
    owner: str, *, cited: Sequence[Utterance], following: Sequence[Utterance]
) -> str | None:
    """`owner` if the cited utterances bear it out, the speaker for "I", else None.

    Whoever answers a request right after it may own it too, unless the cited lines are in the
    first person: then their speaker speaks of himself.
    """
    speakers = list(dict.fromkeys(spoken.speaker for spoken in cited if spoken.speaker))
    if fold(owner) in _I:
        return speakers[0] if len(speakers) == 1 else None
    text = " ".join(spoken.text for spoken in cited)
    if is_named(owner, text):
        return None if _only_helped(owner, cited) else owner
    if any(same_person(owner, speaker) for speaker in speakers):
        return None if _only_asks(owner, cited, following) else owner
    if _FIRST_PERSON.search(text):
        return None
    answers = (spoken.speaker for spoken in following if spoken.speaker)
    return owner if any(same_person(owner, speaker) for speaker in answers) else None


def _only_asks(owner: str, cited: Sequence[Utterance], following: Sequence[Utterance]) -> bool:
    """Does the owner promise nothing in the cited lines, while somebody else does, there or in
    answer? "Could you write to them?" – "I'll do it" belongs to the second."""
    own = [one for one in cited if one.speaker and same_person(owner, one.speaker)]
    others = [one for one in cited if one.speaker and one not in own]
    if any(_promises(one) for one in own):
        return False
    asked = any(_REQUESTS.search(one.text) for one in own)
    answers = others or [one for one in following[:1] if one.speaker and asked]
    return any(_promises(one) and not same_person(owner, one.speaker or "") for one in answers)


def _only_helped(owner: str, cited: Sequence[Utterance]) -> bool:
    """Is the owner named only inside of somebody else's promise ("I'll send it to Tom")?"""
    if any(one.speaker and same_person(owner, one.speaker) for one in cited):
        return False
    naming = [part for one in cited for part in _SENTENCES.split(one.text) if is_named(owner, part)]
    return all(_is_promise(part) and not _ASKS.search(part) for part in naming)


def _promises(spoken: Utterance) -> bool:
    return any(_is_promise(part) for part in _SENTENCES.split(spoken.text))


def _is_promise(sentence: str) -> bool:
    return "?" not in sentence and bool(_PROMISE.search(_CHAIRING.sub("", sentence)))


def same_person(one: str, other: str) -> bool:
    """Could two names be one person's ("Kim" and "Kim Minsu", "민수 씨" and "김민수 대리")?"""
    if _joined(one) == _joined(other):
        return True
    return bool(_variants(one) & _variants(other))


def is_named(name: str, text: str) -> bool:
    """Is the person, or the group, mentioned in a text?"""
    folded = fold(text)
    unspaced = folded.replace(" ", "")
    words = set(re.findall(r"[가-힣]+|[^\W_가-힣]+", folded))
    whole = fold(name)
    if f" {whole} " in f" {folded} " or (_is_hangul(whole) and whole.replace(" ", "") in unspaced):
        return True
    return any(
        variant in (unspaced if _is_hangul(variant) else words) for variant in _variants(name)
    )


def misnamed(text: str, *, speakers: Iterable[str], near: Sequence[Utterance]) -> bool:
    """Does a text name a speaker of the meeting who neither speaks nor is named near its lines?

    Only by names that are no words: "Will" and the 수정 of 김수정 stand in many sentences.
    """
    said = " ".join(f"{spoken.speaker or ''} {spoken.text}" for spoken in near)
    return any(_stands_in(name, text) and not is_named(name, said) for name in speakers)


def misassigns(text: str, *, speakers: Iterable[str], cited: Sequence[Utterance]) -> bool:
    """Does a text have a speaker promise or receive something who neither speaks in its very lines
    nor is named there? Others may stand near."""
    said = " ".join(f"{spoken.speaker or ''} {spoken.text}" for spoken in cited)
    promised = _PROMISED.search(text) is not None
    for name in speakers:
        if is_named(name, said):
            continue
        for word in _full_words(name):
            told = promised and re.match(rf"\W*{word}(?:님| 님)?(?:은|는|이|가| |,)", text)
            given = re.search(rf"\bto {word}\b|{word}(?: ?님)?(?:에게|께|한테)", text)
            if told or given:
                return True
    return False


def _full_words(name: str) -> list[str]:
    """The parts of a name that are no words, as they may stand in a pattern."""
    if _is_hangul(_joined(name)):
        return [re.escape(name)] if len(_joined(name)) > 2 else []
    words = [word for word in re.findall(r"[^\W\d_]{3,}", name) if word[0].isupper()]
    return [re.escape(word) for word in words if fold(word) not in LIGHT | _GENERIC]


def invents_person(text: str, *, said: str) -> bool:
    """Does a Korean text name somebody by "님", "씨" or a rank who occurs nowhere in `said`?

    `said` is all there is: every line with its speaker, the title. Roles ("고객님") are nobody.
    """
    everything = _joined(said)
    return any(
        match[1] not in _ROLES and not _occurs(match[1], everything)
        for match in _CALLED.finditer(text)
    )


def _occurs(name: str, everything: str) -> bool:
    """The whole name, or the given name of a full one, or the surname that goes with a rank."""
    return name in everything or (len(name) == 3 and name[1:] in everything)


def _stands_in(name: str, text: str) -> bool:
    joined = _joined(name)
    if _is_hangul(joined):
        return len(joined) > 2 and joined in _joined(text)
    return any(re.search(rf"\b{word}\b", text) for word in _full_words(name))


def name_words(name: str) -> frozenset[str]:
    """The words of a name, folded, as they may stand in a text."""
    return frozenset(fold(name).split()) | _variants(name)


def _variants(name: str) -> frozenset[str]:
    """What a person is called: each name, the given name alone, surname and title."""
    variants: set[str] = set()
    joined = _joined(name)
    for word in re.findall(r"[가-힣]+|[^\W\d_가-힣]+", fold(name)):
        bare = _TITLE.sub("", word) if _is_hangul(word) else word
        if len(bare) < 2 or bare in _GENERIC:
            continue
        variants.add(bare)
        if _is_hangul(bare) and len(bare) == 3:
            variants.add(bare[1:])
    title = _TITLE.search(joined)
    if _is_hangul(joined) and title and title.group():
        rank = re.sub(r"(?:님|씨)$", "", title.group())
        if rank:
            variants.add(joined[0] + rank)
    return frozenset(variants)


def _joined(name: str) -> str:
    return fold(name).replace(" ", "")


def _is_hangul(text: str) -> bool:
    return "가" <= text[:1] <= "힣"
