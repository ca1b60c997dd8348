import pytest

from core.services.rendering import plain, prose


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("![x](http://evil/x.png)", "\\!\\[x\\](http://evil/x.png)"),
        ("| a | b |", "\\| a \\| b \\|"),
        ("3~5일, $100, 5*3", "3\\~5일, \\$100, 5\\*3"),
        ("- 목록", "\\- 목록"),
        ("1. 첫째", "1\\. 첫째"),
        ("2) 둘째", "2\\) 둘째"),
        ("# 제목", "\\# 제목"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("두\n줄", "두 줄"),
    ],
)
def test_what_was_said_shows_as_it_was(said: str, shown: str) -> None:
    assert plain(said) == shown


@pytest.mark.parametrize(
    ("written", "unwanted"),
    [
        ("![x](http://evil/x.png)", "!["),
        ("[click](http://evil)", "](http"),
        ("<img src=x>", "<img"),
        ("[a]: http://evil", "[a]: "),
        ("costs $5 and $6", " $5"),
    ],
)
def test_a_models_markdown_reaches_nothing_outside(written: str, unwanted: str) -> None:
    assert unwanted not in prose(written)


def test_a_models_own_emphasis_stays() -> None:
    assert prose("**중요**\n\n- 하나") == "**중요**\n\n- 하나"
