"""Where to go after signing in: a page of ours, whatever the address says."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_LONGEST = 2000
_DOORS = ("/sign-in", "/sign-out", "/join", "/auth")
"""Who has just signed in is not sent back to the door."""


def own_page(asked: str | None) -> str:
    """`asked` where it is a path of our own, else the first page.

    Browsers drop tabs and line ends from addresses and read a backslash as a slash, so that
    "/\\t/evil" and "/\\evil" lead elsewhere: any such sign is refused, not repaired.
    """
    path = asked or "/"
    plain = path.isprintable() and not any(sign.isspace() or sign == "\\" for sign in path)
    if not plain or len(path) > _LONGEST or path[:1] != "/" or path[:2] == "//":
        return "/"
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or parts.path.startswith(_DOORS):
        return "/"
    return path


def sign_in_address(path: str, query: str) -> str:
    """The sign-in page that leads back to `path` with its `query`."""
    back = own_page(f"{path}?{query}" if query else path)
    return "/sign-in" if back == "/" else f"/sign-in?next={quote(back, safe='')}"
