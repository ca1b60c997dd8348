"""Whether the dictionary of Korean knows a word."""

from core.engines.korean import Korean


def test_a_word_is_common_a_name_or_unknown() -> None:
    korean = Korean()
    try:
        words = ["회의", "했습니다", "레디스", "김지우", "쿠버네티스", "나래텍"]
        assert korean.standings(words) == ["common", "common", "name", "name", "unknown", "unknown"]
        assert korean.standings([]) == []
        # Both kinds of questions go to one child.
        assert [one.form for one in korean.morphemes(["회의를"])[0]] == ["회의"]
        assert korean.standings(["", "  "]) == ["common", "common"]
    finally:
        korean.release()
