"""The ways in and out that are forms: signing in, joining by an invitation, signing out.

They are no pages of Streamlit's: a script cannot set cookies, and what is before the gate should be
small. Each sign-in makes a new token and ends the one the browser came with, so that nobody can be
given a session that somebody else knows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.api.cookie import cookie_name, forget, keep_signed_in
from core.api.failure import answered, status_of
from core.api.forms import check_own_page, form_of
from core.api.next_page import own_page
from core.api.plain_page import PlainPage, field, hidden, look, told
from core.app import App, get_app
from core.errors import MinutesError, NotFound

HASHING = CapacityLimiter(4)
"""Sign-ins looked at together. More of them wait here, not in the threads of everybody else."""
_Door = Callable[[Request, App, PlainPage], Awaitable[Response]]


def door_routes() -> list[Route]:
    """The routes, and the files that their pages need."""
    return [
        Route("/sign-in", _door(GET=_ask, POST=_sign_in), methods=["GET", "POST"]),
        Route("/sign-in/style.css", look),
        Route("/sign-in/icon.svg", look),
        Route("/sign-out", _door(GET=_ask_to_leave, POST=_sign_out), methods=["GET", "POST"]),
        Route("/join", _door(GET=_ask_to_join, POST=_join), methods=["GET", "POST"]),
    ]


def came_in(app: App, token: str, *, to: str) -> Response:
    """The answer to somebody who is in: their cookie, and on to `to`, a path of our own."""
    answer = RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
    keep_signed_in(answer, app.settings, token)
    return answer


async def leave_old(request: Request, app: App) -> None:
    """End the sign-in that the browser came with."""
    old = request.cookies.get(cookie_name(app.settings))
    await to_thread.run_sync(app.accounts.sign_out, old)


def agent_of(request: Request) -> str:
    """The browser's own words."""
    return request.headers.get("user-agent", "")[:500]


def _door(**by_method: _Door) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        app = await to_thread.run_sync(get_app)
        if not app.accounts.on:
            return RedirectResponse("/", 303)
        # Starlette answers HEAD by what answers GET.
        handler = by_method["GET" if request.method == "HEAD" else request.method]
        page = PlainPage.of(request, app.settings)
        try:
            if request.method == "POST":
                check_own_page(request)
            return await handler(request, app, page)
        except MinutesError as error:
            return sign_in_page(page, app, {"next": "/"}, error)

    return answered(handle)


async def _ask(request: Request, app: App, page: PlainPage) -> Response:
    to = own_page(request.query_params.get("next"))
    token = request.cookies.get(cookie_name(app.settings))
    if await to_thread.run_sync(app.accounts.identity, token):
        return RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
    if await to_thread.run_sync(app.accounts.none_yet):
        return _first_page(page)
    return sign_in_page(page, app, {"next": to})


async def _sign_in(request: Request, app: App, page: PlainPage) -> Response:
    form = await form_of(request)
    to = own_page(form.get("next"))
    sign_in = partial(
        app.accounts.sign_in,
        form.get("name", ""),
        form.get("password", ""),
        address=request.client.host if request.client else "",
        agent=agent_of(request),
    )
    try:
        token = await to_thread.run_sync(sign_in, limiter=HASHING)
    except MinutesError as error:
        return sign_in_page(page, app, {**form, "next": to}, error)
    await leave_old(request, app)
    return came_in(app, token, to=to)


async def _ask_to_leave(_request: Request, _app: App, page: PlainPage) -> Response:
    """A link alone signs nobody out: any page could hold it."""
    address = page.address("/sign-out")
    button = f"<button>{page.text('out')}</button>"
    return page.answer("out", f'<form method="post" action="{address}">{button}</form>')


async def _sign_out(request: Request, app: App, _page: PlainPage) -> Response:
    await leave_old(request, app)
    answer = RedirectResponse("/sign-in", 303, headers={"Cache-Control": "no-store"})
    forget(answer, app.settings)
    return answer


async def _ask_to_join(request: Request, app: App, page: PlainPage) -> Response:
    form = {"invitation": request.query_params.get("invitation", "")}
    return await _join_page(page, form, app)


async def _join(request: Request, app: App, page: PlainPage) -> Response:
    form = await form_of(request)
    accept = partial(
        app.invitations.accept,
        form.get("invitation", ""),
        name=form.get("name", ""),
        password=form.get("password", ""),
        agent=agent_of(request),
    )
    try:
        token = await to_thread.run_sync(accept, limiter=HASHING)
    except MinutesError as error:
        return await _join_page(page, form, app, error)
    await leave_old(request, app)
    return came_in(app, token, to="/")


def _first_page(page: PlainPage) -> Response:
    """Nobody has an account: only who has the machine can make the first."""
    body = (
        f"<p>{page.text('first_what')}</p>"
        f"<pre>python -m core people add {page.text('first_name')} --admin</pre>"
        f"<p>{page.text('first_then')}</p>"
    )
    return page.answer("first_title", body)


def sign_in_page(
    page: PlainPage, app: App, form: dict[str, str], error: MinutesError | None = None
) -> Response:
    """The page to sign in, with what was typed before and what was wrong with it. `form["next"]`
    is a path of our own."""
    name = form.get("name", "")
    fields = (
        hidden("next", form["next"]),
        field(page.text("name"), "name", autocomplete="username", value=name, focused=not name),
        field(
            page.text("password"),
            "password",
            autocomplete="current-password",
            focused=bool(name),
            wrong=error is not None,
        ),
        f"<button>{page.text('sign_in')}</button>",
    )
    body = (
        f"{told(error.sentence(page.language)) if error else ''}"
        f'<form method="post" action="{page.address("/sign-in")}">{"".join(fields)}</form>'
        f"{_elsewhere(page, app, next=form['next'])}"
        f'<p class="small">{page.text("no_account")}</p>'
    )
    return _with_wait(page.answer("title", body, status=_status(error)), error)


async def _join_page(
    page: PlainPage, form: dict[str, str], app: App, error: MinutesError | None = None
) -> Response:
    token, name = form.get("invitation", ""), form.get("name", "")
    try:
        await to_thread.run_sync(app.invitations.find, token)
    except NotFound as missing:
        body = told(missing.sentence(page.language)) + (
            f'<p><a href="{page.address("/sign-in")}">{page.text("have_account")}</a></p>'
        )
        return page.answer("join_title", body, status=status_of(missing))
    fields = (
        hidden("invitation", token),
        field(
            page.text("name"),
            "name",
            autocomplete="username",
            value=name,
            hint=page.text("join_name_hint"),
            focused=not name,
        ),
        field(
            page.text("password"),
            "password",
            autocomplete="new-password",
            hint=page.text("join_password_hint"),
            focused=bool(name),
            wrong=error is not None and error.code.startswith("password_"),
        ),
        f"<button>{page.text('join')}</button>",
    )
    body = (
        f"<p>{page.text('join_what')}</p>"
        f"{told(error.sentence(page.language)) if error else ''}"
        f'<form method="post" action="{page.address("/join")}">{"".join(fields)}</form>'
        f"{_elsewhere(page, app, invitation=token)}"
    )
    return _with_wait(page.answer("join_title", body, status=_status(error)), error)


def _elsewhere(page: PlainPage, app: App, **query: str) -> str:
    """The way by the OpenID provider, where there is one."""
    if app.settings.oidc_issuer is None:
        return ""
    address = page.address("/auth/oidc/start", **query)
    label = page.text("elsewhere", provider=app.settings.oidc_name)
    return (
        f'<p class="or">{page.text("or")}</p><a class="button other" href="{address}">{label}</a>'
    )


def _status(error: MinutesError | None) -> int:
    return status_of(error) if error else 200


def _with_wait(answer: Response, error: MinutesError | None) -> Response:
    if error and error.code == "sign_in_throttled":
        answer.headers["Retry-After"] = str(error.facts["seconds"])
    return answer
