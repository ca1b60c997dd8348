"""Korean particles that follow from the last sound of the word before: "파일을", "회의를".

Messages write both forms, "{name}(을)를"; the right one is chosen once the slot is filled. Where
the sound cannot be told, both stay, as "을(를)".
"""

from __future__ import annotations

import re

_PAIRS = {
    "(을)를": ("을", "를"),
    "(은)는": ("은", "는"),
    "(이)가": ("이", "가"),
    "(과)와": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_SPOT = re.compile("|".join(re.escape(both) for both in _PAIRS))
_CLOSING = "’'\"”)]}>»` "
_DIGITS_WITH_FINAL = "013678"
"""영 일 삼 육 칠 팔 end in a consonant; of these 일 칠 팔 end in ㄹ."""
_DIGITS_WITH_L = "178"
_LETTERS_WITH_FINAL = "lmnrLMNR"
"""엘 엠 엔 알: letters read by name, and most words that end in them."""
_LETTERS_WITH_L = "lrLR"
_RIEUL = 8


def settle_particles(text: str) -> str:
    """`text` with each pair of forms made the one that fits the word before it."""
    return _SPOT.sub(lambda spot: _choice(text[: spot.start()], spot.group()), text)


def _choice(before: str, both: str) -> str:
    with_final, without = _PAIRS[both]
    last = before.rstrip(_CLOSING)[-1:]
    final = _final(last)
    if final is None:
        return "(으)로" if both == "(으)로" else f"{with_final}({without})"
    if both == "(으)로" and final == "ㄹ":
        return without
    return with_final if final else without


def _final(character: str) -> str | None:
    """The final consonant of a character as it is read: "ㄹ", another ("*"), none (""), or None
    where it can't be told."""
    if "가" <= character <= "힣":
        place = (ord(character) - ord("가")) % 28
        return "ㄹ" if place == _RIEUL else "*" if place else ""
    if character.isdigit():
        return (
            "ㄹ" if character in _DIGITS_WITH_L else "*" if character in _DIGITS_WITH_FINAL else ""
        )
    if character.isascii() and character.isalpha():
        return (
            "ㄹ"
            if character in _LETTERS_WITH_L
            else "*"
            if character in _LETTERS_WITH_FINAL
            else ""
        )
    return None
