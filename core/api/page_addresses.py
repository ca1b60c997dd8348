"""Addresses that people type and Streamlit answers wrongly.

The first page's address is "/": at its own name Streamlit shows a dialog in English. And to an
address of several parts it sends a page whose scripts it then does not find. Both are answered
here; nothing here answers 200, for Streamlit's page finds out by refusals where its server is.
"""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from core.api.failure import answered, sentence
from core.api.plain_page import PlainPage
from core.app import get_app
from core.messages import say

_THEIRS = frozenset(("_stcore", "app", "component", "media", "static"))
"""First parts under which Streamlit has files and services of its own."""


def page_addresses(base: str = "") -> list[Route]:
    """The routes; `base` is the path under which Streamlit serves, where it is not the root. They
    come after all others of ours."""
    base = f"/{base.strip('/')}" if base.strip("/") else ""
    return [
        Route(f"{base}/meetings", answered(_first_page)),
        _Unknown(f"{base}/{{first}}/{{rest:path}}", answered(_missing)),
    ]


class _Unknown(Route):
    """Matches addresses of several parts that are nobody's."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As Route does, but for what is Streamlit's, and for what no browser asks by typing: to
        other methods this is no address. "/memory/" is one part, which Streamlit leads on to
        "/memory"."""
        match, child = super().matches(scope)
        named = child.get("path_params", {})
        if match != Match.FULL or named.get("first") in _THEIRS or not named.get("rest"):
            return Match.NONE, {}
        return match, child


async def _first_page(request: Request) -> Response:
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./", 307)


async def _missing(request: Request) -> Response:
    app = await to_thread.run_sync(get_app)
    page = PlainPage.of(request, app.settings)
    if "text/html" not in request.headers.get("accept", ""):
        return sentence(404, say("sign_in.missing_what", page.language))
    body = (
        f"<p>{page.text('missing_what')}</p>"
        f'<p><a class="button" href="/">{page.text("missing_back")}</a></p>'
    )
    return page.answer("missing", body, status=404)
