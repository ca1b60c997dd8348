"""Signing in by an OpenID provider: the code flow with state, nonce and PKCE, by Authlib.

What it ends with is a session of ours, the same that a password gives; the provider's own tokens
are thrown away. A cookie that only we can write keeps state, nonce and verifier while the person is
at the provider; its key comes from the client secret, so that any server of ours can read it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from typing import Any

from anyio import to_thread
from authlib.integrations.starlette_client import OAuth, OAuthError
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.api.cookie import cookie_name
from core.api.doors import agent_of, came_in, leave_old, sign_in_page
from core.api.failure import answered
from core.api.next_page import own_page
from core.api.plain_page import PlainPage
from core.app import App, get_app
from core.errors import EngineUnavailable, InvalidInput, MinutesError
from core.settings import Settings

try:  # whichever of the two is here is what Authlib asks by
    from httpx2 import HTTPError
except ImportError:
    from httpx import HTTPError  # type: ignore[assignment]

_AWAY = 600
"""Seconds that somebody may take at the provider."""
_COOKIE = "minutes_oidc"
_PATH = "/auth/oidc"
_ANSWERS_WITHIN = 10.0
"""Seconds that the provider has for each answer."""
_LONGEST_SUBJECT = 255
"""What OpenID Connect allows (Core 1.0, section 2)."""
_Step = Callable[[Request, App, PlainPage], Awaitable[Response]]

log = logging.getLogger(__name__)


def oidc_routes() -> list[Route]:
    """To the provider and back. Without MINUTES_OIDC_ISSUER both lead to the sign-in page."""
    return [
        Route(f"{_PATH}/start", _step(_start)),
        Route(f"{_PATH}/back", _step(_back)),
    ]


def _step(work: _Step) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        app = await to_thread.run_sync(get_app)
        if not app.accounts.on or app.settings.oidc_issuer is None:
            return RedirectResponse("/sign-in", 303)
        kept = request.scope["session"] = _kept(request, app.settings)  # Authlib looks for it there
        page = PlainPage.of(request, app.settings, lang=kept.get("lang", ""))
        to = own_page(kept.get("next"))
        try:
            answer = await work(request, app, page)
        except MinutesError as error:
            kept.clear()
            answer = sign_in_page(page, app, {"next": to}, error)
        _keep(answer, app.settings, kept)
        return answer

    return answered(handle)


async def _start(request: Request, app: App, _page: PlainPage) -> Response:
    """To the provider: to sign in, to join by `?invitation=`, or with `?link=1` to have the account
    that is signed in known by the provider's name."""
    kept = request.session
    kept.clear()
    kept["next"] = own_page(request.query_params.get("next"))
    kept["lang"] = request.query_params.get("lang", "")
    if invitation := request.query_params.get("invitation"):
        kept["invitation"] = invitation[:200]
    if request.query_params.get("link"):
        # By a link elsewhere somebody else's name could be put on this account.
        if request.headers.get("sec-fetch-site") != "same-origin":
            raise InvalidInput("not_our_form")
        kept["link"] = await _signed_in(request, app)
        kept["next"] = "/account"
    # Settings see to it that there is a public address where there is a provider.
    back = f"{app.settings.public_url}{_PATH}/back"
    try:
        answer: Response = await _client(app.settings).authorize_redirect(request, back)
    except (HTTPError, OAuthError, ValueError, KeyError, RuntimeError) as error:
        raise _unreachable(app.settings, error) from error
    return answer


async def _back(request: Request, app: App, _page: PlainPage) -> Response:
    kept = dict(request.session)
    subject, name = await _who(request, app.settings)
    request.session.clear()
    if linked := kept.get("link"):
        if await _signed_in(request, app) != linked:
            raise InvalidInput("oidc_lost", provider=app.settings.oidc_name)
        await to_thread.run_sync(app.accounts.link_subject, linked, subject)
        return RedirectResponse("/account", 303, headers={"Cache-Control": "no-store"})
    sign_in = partial(
        app.accounts.sign_in_elsewhere,
        subject=subject,
        name=name,
        agent=agent_of(request),
        invitation=kept.get("invitation"),
    )
    token = await to_thread.run_sync(sign_in)
    await leave_old(request, app)
    return came_in(app, token, to=own_page(kept.get("next")))


async def _who(request: Request, settings: Settings) -> tuple[str, str]:
    """Who the provider says they are: a name of theirs that stays, and one to show."""
    provider = settings.oidc_name
    wanted = {
        "iss": {"essential": True, "value": settings.oidc_issuer},
        # Authlib alone would take a word for another client that names us as "azp".
        "aud": {"essential": True, "value": settings.oidc_client_id},
        "sub": {"essential": True},
    }
    try:
        told = await _client(settings).authorize_access_token(request, claims_options=wanted)
    except OAuthError as error:
        log.warning("OpenID: %s", error)
        code = "oidc_denied" if error.error == "access_denied" else "oidc_lost"
        raise InvalidInput(code, provider=provider) from error
    except (JoseError, KeyError, TypeError, ValueError) as error:
        log.warning("OpenID: the provider's word is not to be trusted: %s", error)
        raise InvalidInput("oidc_refused", provider=provider) from error
    except (HTTPError, RuntimeError) as error:
        raise _unreachable(settings, error) from error
    claims: dict[str, Any] = told.get("userinfo") or {}
    subject = str(claims.get("sub") or "")
    if not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise InvalidInput("oidc_refused", provider=provider)
    name = claims.get("name") or claims.get("preferred_username") or subject
    return f"{settings.oidc_issuer} {subject}", str(name)


async def _signed_in(request: Request, app: App) -> str:
    token = request.cookies.get(cookie_name(app.settings))
    identity = await to_thread.run_sync(app.accounts.identity, token)
    if identity is None:
        raise InvalidInput("signed_out")
    return identity.user_id


def _unreachable(settings: Settings, error: Exception) -> EngineUnavailable:
    log.warning("OpenID: the provider cannot be reached: %s", error)
    return EngineUnavailable("oidc_unreachable", provider=settings.oidc_name)


def _client(settings: Settings) -> Any:
    assert settings.oidc_issuer is not None
    assert settings.oidc_client_id is not None
    assert settings.oidc_client_secret is not None
    secret = settings.oidc_client_secret.get_secret_value()
    return _made(settings.oidc_issuer, settings.oidc_client_id, secret)


@lru_cache(maxsize=4)
def _made(issuer: str, client_id: str, secret: str) -> Any:
    """Authlib's client, which remembers what the provider says of itself."""
    return OAuth().register(
        "provider",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": _ANSWERS_WITHIN,
        },
    )


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    assert settings.oidc_client_secret is not None
    secret = settings.oidc_client_secret.get_secret_value()
    key = hashlib.sha256(f"minutes at the provider {secret}".encode()).digest()
    return URLSafeTimedSerializer(key, salt=_COOKIE)


def _kept(request: Request, settings: Settings) -> dict[str, Any]:
    try:
        kept = _signer(settings).loads(request.cookies.get(_COOKIE, ""), max_age=_AWAY)
    except BadData:
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(answer: Response, settings: Settings, kept: dict[str, Any]) -> None:
    marks: dict[str, Any] = {
        "path": _PATH,
        "secure": settings.secure_cookies,
        "httponly": True,
        "samesite": "lax",
    }
    if kept:
        answer.set_cookie(_COOKIE, _signer(settings).dumps(kept), max_age=_AWAY, **marks)
    else:
        answer.delete_cookie(_COOKIE, **marks)
