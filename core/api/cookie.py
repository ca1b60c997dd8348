"""The cookie that a browser is known by: a random token, of which the database keeps a hash."""

from __future__ import annotations

from starlette.responses import Response

from core.settings import Settings

_LASTS = 400 * 24 * 3600
"""Seconds; browsers take no more. When a sign-in ends is the server's to say (services.sign_ins),
which says so later for whoever keeps coming."""


def cookie_name(settings: Settings) -> str:
    """Behind HTTPS the prefix keeps neighbours under the same domain from setting it."""
    return "__Host-minutes" if settings.secure_cookies else "minutes"


def keep_signed_in(response: Response, settings: Settings, token: str) -> None:
    """Give the browser its token. No script can read it, and no other site's form sends it."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=_LASTS,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, settings: Settings) -> None:
    """Have the browser drop its token."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
