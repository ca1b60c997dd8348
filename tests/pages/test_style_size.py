"""Below a style that is saved: how much of what the model reads at once it takes."""

from __future__ import annotations

import pytest

from core.app import App
from core.messages import say
from core.services.style_size import StyleSize
from tests.pages.opening import opened, words


def sized(tokens: int) -> StyleSize:
    return StyleSize(
        tokens=tokens, window=4096, room=1200, characters=4000, engine="ollama:gemma3:4b"
    )


@pytest.mark.parametrize(
    ("tokens", "key", "facts"),
    [
        (100, None, {}),
        (1100, "styles.size_large", {}),
        (2400, "styles.size_no_room", {"characters": "2,000"}),
    ],
)
def test_a_saved_style_says_its_size_and_what_to_do_where_it_is_too_long(
    in_force: App,
    monkeypatch: pytest.MonkeyPatch,
    tokens: int,
    key: str | None,
    facts: dict[str, str],
) -> None:
    me = in_force.people.local_person().id
    in_force.people.save_style(me, f"a style of {tokens}")
    asked: list[str] = []

    def size(_self: object, _user: str, *, text: str) -> StyleSize:
        asked.append(text)
        return sized(tokens)

    monkeypatch.setattr(type(in_force.trials), "size", size)
    at = opened("memory", part="style")
    assert not at.exception
    shown = words(at)
    named = {"tokens": f"{tokens:,}", "window": "4,096", "engine": "gemma3:4b"}
    assert say("styles.size", "en", **named) in shown
    for one in ("styles.size_large", "styles.size_no_room"):
        told = say(one, "en", **facts) if one == key else say(one, "en", characters="x")[:30]
        assert (told in shown) is (one == key)
    assert asked == [f"a style of {tokens}"]


def test_without_a_model_no_size_is_said(in_force: App) -> None:
    me = in_force.people.local_person().id
    in_force.people.choose(me, name="llm", value="extractive")
    in_force.people.save_style(me, "short")
    at = opened("memory", part="style")
    assert not at.exception
    assert "tokens" not in words(at)
