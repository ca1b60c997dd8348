"""Pages for who has not signed in yet: written by the server, without a script, readable by any
browser and any screen reader. Their look is in sign_in/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from core.api.failure import spoken
from core.messages import LANGUAGES, say
from core.settings import Settings

_FOLDER = Path(__file__).parent / "sign_in"
_NAMES = {"ko": "한국어", "en": "English"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class PlainPage:
    """One such page, in the language of who asked for it."""

    request: Request
    language: str

    @classmethod
    def of(cls, request: Request, settings: Settings, *, lang: str = "") -> PlainPage:
        """The page's language: `?lang=`, `lang`, the machine's, the browser's."""
        request.state.reader = lang or settings.language
        return cls(request=request, language=spoken(request))

    def text(self, key: str, **facts: object) -> str:
        """A text of the catalogue, safe to stand in HTML."""
        return escape(say(f"sign_in.{key}", self.language, **facts))

    def address(self, path: str, **query: str | None) -> str:
        """A path of ours that keeps the language, safe to stand in an attribute."""
        given = {name: value for name, value in query.items() if value}
        return escape(f"{path}?{urlencode({**given, 'lang': self.language})}")

    def answer(self, title: str, body: str, *, status: int = 200) -> Response:
        """The page. `title` is a key, `body` is HTML."""
        filled = _template().substitute(
            language=self.language,
            title=self.text(title),
            body=body,
            languages=self.text("languages"),
            links=self._links(),
        )
        return HTMLResponse(filled, status, headers=_HEADERS)

    def _links(self) -> str:
        """The same page in each language; after a form was sent, the page to fill in again."""
        kept = {
            name: value
            for name, value in self.request.query_params.items()
            if name in ("next", "invitation")
        }
        links = []
        for language in LANGUAGES:
            here = ' aria-current="page"' if language == self.language else ""
            query = escape(urlencode({**kept, "lang": language}))
            address = f"{escape(self.request.url.path)}?{query}"
            links.append(
                f'<a href="{address}" lang="{language}" hreflang="{language}"{here}>'
                f"{_NAMES[language]}</a>"
            )
        return "".join(links)


def field(
    label: str,
    name: str,
    *,
    autocomplete: str,
    value: str = "",
    hint: str = "",
    focused: bool = False,
    wrong: bool = False,
) -> str:
    """A labelled field; `label` and `hint` are HTML, `value` is what somebody typed."""
    kind = "password" if autocomplete.endswith("password") else "text"
    marks = "".join(
        f" {mark}"
        for mark, is_so in (
            ("autofocus", focused),
            ('aria-invalid="true"', wrong),
            (f'aria-describedby="{name}-hint"', bool(hint)),
            ('autocapitalize="none" spellcheck="false"', kind == "text"),
        )
        if is_so
    )
    below = f'<span class="hint" id="{name}-hint">{hint}</span>' if hint else ""
    return (
        f'<label for="{name}">{label}<input id="{name}" name="{name}" type="{kind}" '
        f'value="{escape(value)}" autocomplete="{autocomplete}" required{marks}>{below}</label>'
    )


def hidden(name: str, value: str) -> str:
    """What a form sends along."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def told(sentence: str, *, wrong: bool = True) -> str:
    """A sentence that stands out, and is read aloud at once where something is wrong."""
    mark = ' wrong" role="alert' if wrong else ""
    return f'<p class="told{mark}">{escape(sentence)}</p>'


async def look(request: Request) -> Response:
    """The pages' own files."""
    name = request.url.path.rpartition("/")[2]
    return FileResponse(_FOLDER / name, headers={"Cache-Control": "max-age=3600"})


@lru_cache
def _template() -> Template:
    return Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
