import pytest

from core.errors import ConfigError
from core.settings import read_settings, wanted_language


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINUTES_PORT", "0"),
        ("MINUTES_PORT", "many"),
        ("MINUTES_LLM", "gpt"),
        ("MINUTES_LLM", "ollama:"),
        ("MINUTES_LANGUAGE", "fr"),
        ("MINUTES_NUM_CTX", "10"),
        ("MINUTES_LLM_PARALLEL", "0"),
        ("MINUTES_UPLOAD_LIMIT", "-1"),
        ("MINUTES_ACCOUNTS", "perhaps"),
    ],
)
def test_a_bad_value_is_refused_and_its_variable_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert refused.value.facts["variable"] == name
    assert name in refused.value.sentence("ko")


_REASONS = [
    # (variable, its value, the error's code, what it must be)
    ("MINUTES_PORT", "many", "setting_number", "1에서 65535 사이의 정수"),
    ("MINUTES_PORT", "70000", "setting_number", "1에서 65535 사이의 정수"),
    ("MINUTES_LLM_PARALLEL", "1.5", "setting_number", "1에서 64 사이의 정수"),
    ("MINUTES_NUM_CTX", "10", "setting_number", "1024에서 1048576 사이의 정수"),
    ("MINUTES_UPLOAD_LIMIT", "1GB", "setting_number_from", "1024 이상의 정수"),
    ("MINUTES_LANGUAGE", "fr", "setting_choice", "ko, en"),
    ("MINUTES_LLM", "gpt", "setting_engine", "auto, extractive"),
    ("MINUTES_LOCAL_WORKER", "maybe", "setting_switch", "1(예)"),
    ("MINUTES_ALLOW_REMOTE", "maybe", "setting_switch", "1(예)"),
    ("MINUTES_ACCOUNTS", "maybe", "setting_switch", "1(예)"),
    ("MINUTES_HOSTS", "http://minutes.example", "setting_hosts", "호스트 이름만"),
    ("MINUTES_HOSTS", "minutes.example:8501", "setting_hosts", "호스트 이름만"),
    ("MINUTES_HOSTS", "*", "setting_hosts", "호스트 이름만"),
    ("MINUTES_HOSTS", " , ", "setting_hosts", "호스트 이름만"),
    ("MINUTES_PUBLIC_URL", "minutes.example", "setting_public_url", "https://minutes.example"),
    ("MINUTES_PUBLIC_URL", "https://a.example/m", "setting_public_url", "호스트 뒤에는"),
    ("MINUTES_PUBLIC_URL", "https://u:p@a.example", "setting_public_url", "호스트 뒤에는"),
    ("MINUTES_PUBLIC_URL", "ftp://a.example", "setting_public_url", "호스트 뒤에는"),
    ("MINUTES_OIDC_ISSUER", "http://login.example", "setting_issuer", "https"),
    ("MINUTES_OIDC_ISSUER", "https://login.example?a=b", "setting_issuer", "https"),
    ("MINUTES_OLLAMA_URL", "ftp://host", "setting_address", "http://127.0.0.1:11434"),
    ("OLLAMA_HOST", "host:many", "setting_address", "http://127.0.0.1:11434"),
]


@pytest.mark.parametrize(("name", "value", "code", "reason"), _REASONS)
def test_what_a_setting_must_be_is_said_in_our_own_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert refused.value.code == code
    sentence = refused.value.sentence("ko")
    assert name in sentence
    assert f"“{value}”" in sentence
    assert reason in sentence


@pytest.mark.parametrize(
    ("chosen", "locale", "language"),
    [
        ("ko", "en_US.UTF-8", "ko"),
        ("fr", "ko_KR.UTF-8", "ko_KR.UTF-8"),
        (None, "ko_KR.UTF-8", "ko_KR.UTF-8"),
        (None, None, None),
    ],
)
def test_the_language_is_known_where_other_settings_are_bad(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, locale: str | None, language: str | None
) -> None:
    monkeypatch.setenv("MINUTES_PORT", "many")
    monkeypatch.delenv("LANG", raising=False)
    for name, value in (("MINUTES_LANGUAGE", chosen), ("LANG", locale)):
        if value is not None:
            monkeypatch.setenv(name, value)
    assert wanted_language() == language


@pytest.mark.parametrize(
    ("own", "ollamas", "address", "remote"),
    [
        (None, None, "http://127.0.0.1:11434", False),
        (None, "0.0.0.0", "http://127.0.0.1:11434", False),  # what a server listens on
        (None, "0.0.0.0:8080", "http://127.0.0.1:8080", False),
        (None, "localhost:1234", "http://localhost:1234", False),
        (None, "gpu.example:11434", "http://gpu.example:11434", True),
        ("http://10.0.0.9:11434/", "localhost", "http://10.0.0.9:11434", True),
        ("https://llm.example", None, "https://llm.example:443", True),
        ("http://127.llm.example", None, "http://127.llm.example:11434", True),
        ("http://[::1]:11434", None, "http://[::1]:11434", False),
        ("http://127.0.0.1:11434/ollama", None, "http://127.0.0.1:11434/ollama", False),
    ],
)
def test_the_address_of_ollama(
    monkeypatch: pytest.MonkeyPatch,
    own: str | None,
    ollamas: str | None,
    address: str,
    remote: bool,
) -> None:
    if own is not None:
        monkeypatch.setenv("MINUTES_OLLAMA_URL", own)
    if ollamas is not None:
        monkeypatch.setenv("OLLAMA_HOST", ollamas)
    settings = read_settings()
    assert settings.ollama_address == address
    assert settings.ollama_is_remote is remote


_OIDC = {
    "MINUTES_OIDC_ISSUER": "https://login.example.com",
    "MINUTES_OIDC_CLIENT_ID": "minutes",
    "MINUTES_OIDC_CLIENT_SECRET": "very-secret-word",
    "MINUTES_PUBLIC_URL": "https://minutes.example.com",
    "MINUTES_HOSTS": "minutes.example.com",
}


@pytest.mark.parametrize("missing", [*list(_OIDC)[:4]])
@pytest.mark.parametrize("how", ["unset", "blank"])
def test_a_provider_that_is_half_given_is_refused_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, missing: str, how: str
) -> None:
    for name, value in _OIDC.items():
        monkeypatch.setenv(name, value)
    if how == "unset":
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, " ")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert refused.value.code == "setting_together"
    assert refused.value.facts["variable"] == missing
    for language in ("ko", "en"):
        assert missing in refused.value.sentence(language)


def test_a_provider_that_is_given_is_taken_and_its_secret_shown_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in _OIDC.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.oidc_client_secret is not None
    assert settings.oidc_client_secret.get_secret_value() == "very-secret-word"
    assert "very-secret-word" not in repr(settings)
    assert settings.oidc_name == "OpenID"
    monkeypatch.setenv("MINUTES_PUBLIC_URL", "https://other.example")
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert "very-secret-word" not in str(refused.value)
    assert "very-secret-word" not in str(refused.value.__cause__)


@pytest.mark.parametrize(
    ("hosts", "public", "fits"),
    [
        ("minutes.example", "https://minutes.example", True),
        ("minutes.example", "https://MINUTES.example:8443/", True),
        ("*.example", "https://minutes.example", True),
        ("*.example", "https://example", False),
        ("minutes.example", "https://evil.example", False),
        (None, "http://localhost:8501", True),
        (None, "https://minutes.example", False),
        ("회의.example", "https://xn--ot5b11z.example", True),
        ("xn--ot5b11z.example", "https://회의.example", True),
    ],
)
def test_the_address_that_people_type_is_one_they_may_call(
    monkeypatch: pytest.MonkeyPatch, hosts: str | None, public: str, fits: bool
) -> None:
    if hosts is not None:
        monkeypatch.setenv("MINUTES_HOSTS", hosts)
    monkeypatch.setenv("MINUTES_PUBLIC_URL", public)
    if fits:
        assert read_settings().secure_cookies is public.startswith("https")
        return
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert refused.value.code == "setting_hosts_public"
    assert "MINUTES_HOSTS" in refused.value.sentence("ko")


def test_hosts_are_the_loopback_names_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().hosts == ("localhost", "127.0.0.1", "[::1]")
    monkeypatch.setenv("MINUTES_HOSTS", " Minutes.Example , localhost,[::1]")
    assert read_settings().hosts == ("minutes.example", "localhost", "[::1]")


def test_accounts_can_be_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().accounts is False
    monkeypatch.setenv("MINUTES_ACCOUNTS", "on")
    assert read_settings().accounts is True
