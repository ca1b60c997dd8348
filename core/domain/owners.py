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
_TITLE = re.compile(
    r"(?:대표님|대표|이사님|이사|상무|전무|부장|차장|과장|대리|주임|사원|팀장|실장|본부장|센터장|선임|책임|수석"
    r"|매니저|프로|교수|박사|선생|작가|기자|위원장|위원|의원|사장|회장|원장|국장)?(?:님|씨)?$"
)
_CALLED = re.compile(
    r"(?<![가-힣])([가-힣]{2,4}?)\s?(?:님|씨|대표|이사|상무|전무|부장|차장|과장|대리|주임|팀장|실장|본부장|센터장"
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
    if any(same_person(owner, speaker) for speaker in speakers) or is_named(owner, text):
        return owner
    if _FIRST_PERSON.search(text):
        return None
    answers = (spoken.speaker for spoken in following if spoken.speaker)
    return owner if any(same_person(owner, speaker) for speaker in answers) else None


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
    words = [word for word in re.findall(r"[^\W\d_]{3,}", name) if word[0].isupper()]
    return any(
        fold(word) not in LIGHT | _GENERIC and re.search(rf"\b{re.escape(word)}\b", text)
        for word in words
    )


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
