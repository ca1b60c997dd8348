"""What people wrote, sentences and sizes as they may be shown where Streamlit reads Markdown.

Streamlit reads more than Markdown: `:smile:`, `:red[…]`, `:material/…:`, `:streamlit:`, and it
makes links of bare addresses. `literal` takes all of it apart: what others wrote goes through it
before it reaches st.markdown or a label. (A select box's options and the tab's title are shown as
they are.)
"""

from __future__ import annotations

import re

from core.services.rendering import plain

_ADDRESS = re.compile(
    r"(https?://[A-Za-z0-9.:/_%\[\]-]*[A-Za-z0-9/]"
    r"|(?<![A-Za-z0-9])www\.[A-Za-z0-9./_-]*[A-Za-z0-9/]"
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
_OWN_IMAGES = re.compile(r":(?=material\\_|streamlit\b)")
"""What Streamlit turns into pictures after the escapes have been read: no escape can stop it."""
_COLONS = re.compile(r"\S*:\S+")
_JOINER = "\N{WORD JOINER}"


def literal(text: str) -> str:
    """Text letter by letter, on one line. Addresses are set apart: a link made of one would lead
    outside, and would take in the Korean particle that follows it."""
    parts = _ADDRESS.split(text)
    # split() puts what the group caught at the odd places; plain() eats blanks at the ends.
    return "".join(f"`{part}`" if place % 2 else _plain(part) for place, part in enumerate(parts))


sentence_markdown = literal
"""The same for a sentence of ours that holds what others wrote."""


def size_words(count: int) -> str:
    """Bytes as a reader knows them."""
    if count >= 1e9:
        return f"{count / 1e9:.1f}\u00a0GB"
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1e5 else f"{count / 1e3:.0f}\u00a0kB"


def _plain(part: str) -> str:
    before = " " if part[:1].isspace() else ""
    after = " " if part.strip() and part[-1:].isspace() else ""
    escaped = _OWN_IMAGES.sub(f":{_JOINER}", plain(part))
    return f"{before}{_COLONS.sub(_without_marks, escaped)}{after}"


def _without_marks(word: re.Match[str]) -> str:
    """A word's colons escaped where they could be a mark: before a letter, or two of them. A time
    of day or "Name:" stays as it is."""
    text = word[0]
    if text.count(":") < 2 and not re.search(r":[^\W\d]", text):
        return text
    return text.replace(":", "\\:").replace("material/", "material\\/")
