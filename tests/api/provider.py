"""A small OpenID provider on this machine: discovery, keys, tokens. It checks code, redirect and
PKCE verifier as a real one does, and can be told to answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "minutes", "the client's secret"


@dataclass
class Provider:
    """Runs as a context. `claims` change what the ID token says; `key` what it is signed with."""

    subject: str = "248289761001"
    name: str = "Ann of the Provider"
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    shown: RSAKey | None = None
    """The key that is published, if another."""
    silent: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    """The queries that browsers came with."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._answer(self, provider._told(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                basic = self.headers.get("Authorization", "")
                provider._answer(self, provider._tokens(dict(parse_qsl(body)), basic))

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def let_in(self, address: str) -> str:
        """What the person's browser does there: comes by `address`, signs in, is sent back."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(query)
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        code = secrets.token_urlsafe()
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _told(self, path: str) -> Any:
        if path == "/jwks":
            return {"keys": [(self.shown or self.key).as_dict(private=False)]}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _tokens(self, form: dict[str, str], basic: str) -> Any:
        asked = self._codes.pop(form.get("code", ""), None)
        shown = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or basic not in (f"Basic {shown}", f"Basic {plain}"):
            return {"error": "invalid_grant"}
        if asked["code_challenge"] != challenge or asked["code_challenge_method"] != "S256":
            return {"error": "invalid_grant"}
        assert form["redirect_uri"] == asked["redirect_uri"]
        at = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "name": self.name,
            "nonce": asked["nonce"],
            "iat": at,
            "exp": at + 300,
            **self.claims,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def _answer(self, handler: BaseHTTPRequestHandler, told: Any) -> None:
        status = 503 if self.silent else 400 if "error" in told else 200
        body = json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
