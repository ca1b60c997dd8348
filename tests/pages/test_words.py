import pytest

from pages.parts.words import literal

CASES = [
    # What Streamlit makes of colons, and what must be left for its parser to find nothing.
    (":smile: said", r"\:smile\: said"),
    (":red[late]", r"\:red\[late\]"),
    (":material/home:", r"\:material\/home\:"),
    (":material_home:", "\\:\N{WORD JOINER}material\\_home\\:"),
    (":streamlit:", "\\:\N{WORD JOINER}streamlit\\:"),
    # Markdown and HTML.
    ("**b** $x$ <b> | ~~c~~", r"\*\*b\*\* \$x\$ \<b\> \| \~\~c\~\~"),
    ("1. first", r"1\. first"),
    # Addresses would become links that lead outside.
    ("see http://x.kr/a를", "see `http://x.kr/a`를"),
    ("www.x.kr, a@b.co", "`www.x.kr`, `a@b.co`"),
    ("at 1:02:03", r"at 1\:02\:03"),
    ("Kim: at 12:30 (00:05)", "Kim: at 12:30 (00:05)"),
    ("a:빨강[b]", r"a\:빨강\[b\]"),
    ("  two\nlines ", " two lines "),
]


@pytest.mark.parametrize(("said", "shown"), CASES)
def test_what_was_written_is_shown_letter_by_letter(said: str, shown: str) -> None:
    assert literal(said) == shown
