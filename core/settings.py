"""What the machine's owner decides: environment variables with the prefix MINUTES_.

Who wins: command option > environment > the person's choice > the machine's choice > default.
`os.environ` is read nowhere else.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from annotated_types import Ge, Le
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.addresses import as_browsers_write, is_loopback, web_address
from core.errors import ConfigError

OLLAMA_PORT = 11434
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")


class Settings(BaseSettings):
    """The machine's settings. Every field's variable is MINUTES_ and the field's name."""

    # A value may be a secret, and errors end up in logs.
    model_config = SettingsConfigDict(
        env_prefix="MINUTES_", extra="ignore", frozen=False, hide_input_in_errors=True
    )

    data: Path = Path("data")
    """Folder of the database, recordings and models."""

    database_url: str | None = None
    """SQLAlchemy address of the database; a SQLite file in `data` when unset."""

    port: int = Field(default=8501, ge=1, le=65535)
    """Port of the server."""

    language: Literal["ko", "en"] | None = None
    """Language of pages and sentences; the browser's or the locale's when unset."""

    llm: str | None = None
    """Engine that writes: auto, extractive, or ollama:NAME. Locks the choice in Settings."""

    llm_parallel: int = Field(default=1, ge=1, le=64)
    """Model calls that may run at the same time, chat and jobs together."""

    num_ctx: int | None = Field(default=None, ge=1024, le=1_048_576)
    """Context window in tokens for every call to Ollama; chosen by model and memory when unset."""

    ollama_url: str | None = None
    """Address of Ollama; from OLLAMA_HOST, else http://127.0.0.1:11434, when unset."""

    whisper_model: str | None = None
    """Speech model: a name (large-v3-turbo, small, …) or a folder; by hardware when unset."""

    upload_limit: int = Field(default=4 * 1024**3, ge=1024)
    """Largest file taken in, in bytes."""

    local_worker: bool = True
    """Whether the server starts a worker on this machine."""

    allow_remote: bool = False
    """Whether meeting text may be sent to another machine or to a cloud model."""

    accounts: bool = False
    """Whether people sign in. Off: one local person."""

    hosts: Annotated[tuple[str, ...], NoDecode] = LOOPBACK_HOSTS
    """Names under which browsers may call the server, separated by commas; *.name for all below
    it. A call under any other name is somebody's DNS trick."""

    public_url: str | None = None
    """The address that people type, such as https://minutes.example.com: an OpenID provider sends
    them back there, and where it is https, cookies go over https only."""

    oidc_issuer: str | None = None
    """Address of an OpenID provider that people may sign in with."""

    oidc_client_id: str | None = None
    """By which name the provider knows us."""

    oidc_client_secret: SecretStr | None = None
    """What we show the provider."""

    oidc_name: str = "OpenID"
    """What the button to sign in with the provider says."""

    ollama_host: str | None = Field(default=None, validation_alias="OLLAMA_HOST")
    """Ollama's own variable, honoured where MINUTES_OLLAMA_URL is unset."""

    lang: str | None = Field(default=None, validation_alias="LANG")
    """The machine's locale, for the command line's language."""

    @field_validator(
        "public_url", "oidc_issuer", "oidc_client_id", "oidc_client_secret", mode="before"
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("hosts", mode="before")
    @classmethod
    def _read_hosts(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        hosts = tuple(as_browsers_write(one) for one in value.split(",") if one.strip())
        if not hosts or not all(_HOST.fullmatch(one) for one in hosts):
            raise ValueError("use names such as minutes.example.com,localhost")
        return hosts

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = web_address(value)
        if parts.path not in ("", "/"):
            raise ValueError("the server answers at the root of its host only")
        return f"{parts.scheme}://{as_browsers_write(parts.netloc)}"

    @field_validator("oidc_issuer")
    @classmethod
    def _check_issuer(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = web_address(value)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise ValueError("a provider must be reached over https")
        return value.strip()

    @field_validator("oidc_name")
    @classmethod
    def _name_provider(cls, value: str) -> str:
        return value.strip()[:40] or "OpenID"

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        """What is only of use together is given together."""
        needed = {
            "MINUTES_OIDC_ISSUER": self.oidc_issuer,
            "MINUTES_OIDC_CLIENT_ID": self.oidc_client_id,
            "MINUTES_OIDC_CLIENT_SECRET": self.oidc_client_secret,
            "MINUTES_PUBLIC_URL": self.public_url,
        }
        given = [name for name, value in needed.items() if value and "OIDC" in name]
        missing = [name for name, value in needed.items() if not value]
        if given and missing:
            facts = {"variable": missing[0], "given": ", ".join(given)}
            raise PydanticCustomError("setting_together", "{variable} is missing", facts)
        host = urlsplit(self.public_url or "").hostname
        if host and not self._is_called(f"[{host}]" if ":" in host else host):
            facts = {"variable": "MINUTES_HOSTS", "host": host}
            raise PydanticCustomError("setting_hosts_public", "{host} is missing", facts)
        return self

    def _is_called(self, host: str) -> bool:
        return any(
            host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in self.hosts
        )

    @field_validator("llm")
    @classmethod
    def _check_llm(cls, value: str | None) -> str | None:
        if value is None or value in ("auto", "extractive"):
            return value
        vendor, _, model = value.partition(":")
        if vendor != "ollama" or not model:
            raise ValueError("use auto, extractive or ollama:NAME")
        return value

    @field_validator("ollama_url", "ollama_host")
    @classmethod
    def _check_address(cls, value: str | None) -> str | None:
        if value and value.strip():
            text = value.strip()
            # .port raises ValueError where it is no number.
            parts = urlsplit(text if "://" in text else f"http://{text}")
            if parts.scheme not in ("http", "https") or (parts.port or 1) < 1:
                raise ValueError("use an address such as http://127.0.0.1:11434")
        return value

    @property
    def ollama_address(self) -> str:
        """Where Ollama is, as a URL without a trailing slash."""
        given = self.ollama_url or self.ollama_host or ""
        if not given.strip():
            return f"http://127.0.0.1:{OLLAMA_PORT}"
        text = given.strip().rstrip("/")
        if "://" not in text:
            text = f"http://{text}"
        parts = urlsplit(text)
        host = parts.hostname or "127.0.0.1"
        host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (a client's address)
        host = f"[{host}]" if ":" in host else host
        default_port = 443 if parts.scheme == "https" else OLLAMA_PORT
        return f"{parts.scheme}://{host}:{parts.port or default_port}{parts.path}"

    @property
    def ollama_is_remote(self) -> bool:
        """Does text that is sent to Ollama leave this machine?"""
        return not is_loopback(urlsplit(self.ollama_address).hostname or "")

    @property
    def secure_cookies(self) -> bool:
        """Do people reach us over https, so that cookies may go over nothing else?"""
        return (self.public_url or "").startswith("https:")

    @cached_property
    def folder(self) -> Path:
        """The data folder as an absolute path."""
        return self.data.expanduser().resolve()

    @property
    def database(self) -> str:
        """SQLAlchemy address of the application's database."""
        return self.database_url or f"sqlite:///{self.folder / 'minutes.sqlite'}"

    @property
    def jobs_database(self) -> str:
        """SQLAlchemy address of the job engine's own tables."""
        return self.database_url or f"sqlite:///{self.folder / 'jobs.sqlite'}"


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment; ConfigError names the variable that has a bad value."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise _refused(wrong) from wrong


class _Spoken(BaseSettings):
    """The two variables that tell the language, read without judging them."""

    model_config = SettingsConfigDict(env_prefix="MINUTES_", extra="ignore")

    language: str | None = None
    lang: str | None = Field(default=None, validation_alias="LANG")


def wanted_language() -> str | None:
    """A locale such as "ko" or "ko_KR.UTF-8" for sentences, also where other settings are bad."""
    spoken = _Spoken()
    return spoken.language if spoken.language in ("ko", "en") else spoken.lang


_OWN_SENTENCES = {
    "hosts": "setting_hosts",
    "public_url": "setting_public_url",
    "oidc_issuer": "setting_issuer",
}


def _refused(wrong: ValidationError) -> ConfigError:
    """The sentence for the first bad value: which variable, and what it must be."""
    first = wrong.errors()[0]
    if first["type"] in ("setting_together", "setting_hosts_public"):
        return ConfigError(first["type"], **first["ctx"])
    name = str(first["loc"][0]) if first["loc"] else ""
    field = "ollama_host" if name == "OLLAMA_HOST" else name
    said: dict[str, Any] = {
        "variable": name if name.isupper() else f"MINUTES_{name.upper()}",
        "value": f"“{str(first.get('input'))[:200]}”",
    }
    if field in _OWN_SENTENCES:
        return ConfigError(_OWN_SENTENCES[field], **said)
    if field in ("ollama_url", "ollama_host"):
        return ConfigError("setting_address", **said)
    if field == "llm":
        return ConfigError("setting_engine", **said)
    if field == "language":
        return ConfigError("setting_choice", **said, choices="ko, en")
    if field in ("local_worker", "allow_remote", "accounts"):
        return ConfigError("setting_switch", **said)
    if field not in Settings.model_fields:
        return ConfigError("setting", **said, reason=first["msg"])
    return _not_in_range(field, said)


def _not_in_range(field: str, said: dict[str, Any]) -> ConfigError:
    bounds = Settings.model_fields[field].metadata
    least = next((bound.ge for bound in bounds if isinstance(bound, Ge)), None)
    most = next((bound.le for bound in bounds if isinstance(bound, Le)), None)
    if most is None:
        return ConfigError("setting_number_from", **said, least=str(least))
    return ConfigError("setting_number", **said, least=str(least), most=str(most))
