import pytest

from core.domain.account_names import clean_name, presentable_name
from core.errors import InvalidInput

_NAMES = [
    # (as it is written, what is kept or why it is refused)
    ("  Kim   Min  ", "Kim Min"),
    ("김민수", "김민수"),
    ("Zoë", "Zoë"),
    ("x" * 64, "x" * 64),
    ("x" * 65, "name_too_long"),
    ("", "name_empty"),
    ("\u00a0 \t", "name_empty"),
    ("Kim\u0000", "name_hidden"),
    ("Kim\u202eniM", "name_hidden"),  # turns the direction
    ("Kim\u200b", "name_hidden"),  # no width
    ("\u3164", "name_hidden"),  # a letter that shows nothing
    ("\ufe0f", "name_hidden"),
    ("Kim\ud800", "name_hidden"),
    ("\u0301", "name_hidden"),  # an accent on nothing
    ("Local", "name_reserved"),
    ("ＭＡＣＨＩＮＥ", "name_reserved"),
]


@pytest.mark.parametrize(("written", "result"), _NAMES)
def test_what_a_person_may_be_called(written: str, result: str) -> None:
    if not result.startswith("name_"):
        assert clean_name(written) == result
        assert presentable_name(written, otherwise="person") == result
        return
    with pytest.raises(InvalidInput) as refused:
        clean_name(written)
    assert refused.value.code == result
    for language in ("ko", "en"):
        assert refused.value.sentence(language)
    assert clean_name(presentable_name(written, otherwise="person"))
