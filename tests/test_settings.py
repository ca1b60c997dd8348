import pytest

from core.errors import ConfigError
from core.settings import read_settings


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
        ("MINUTES_ACCOUNTS", "on"),
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
