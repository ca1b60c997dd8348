import pytest

from core.app import App
from core.errors import InvalidInput, NotFound


def test_a_style_is_kept_in_versions(app: App) -> None:
    user = app.people.local_person().id
    assert app.people.style(user) is None
    first = app.people.save_style(user, "짧게")
    again = app.people.save_style(user, " 짧게\r\n")
    second = app.people.save_style(user, "길게")
    assert (first.version, again.version, second.version) == (1, 1, 2)
    assert [style.text for style in app.people.styles(user)] == ["길게", "짧게"]
    old = app.people.style(user, version=1)
    assert old is not None
    assert old.text == "짧게"
    with pytest.raises(NotFound):
        app.people.style(user, version=9)


def test_an_empty_style_is_no_style(app: App) -> None:
    user = app.people.local_person().id
    app.people.save_style(user, "짧게")
    app.people.save_style(user, "  ")
    assert app.people.style(user) is None
    assert app.intake.wanted(user).style_version is None


def test_a_long_style_is_refused_with_the_count(app: App) -> None:
    user = app.people.local_person().id
    app.people.save_style(user, "가" * 4000)
    with pytest.raises(InvalidInput) as refused:
        app.people.save_style(user, "가" * 4001)
    assert "4001" in refused.value.sentence("ko")
    assert len(app.people.styles(user)) == 1


def test_the_environment_wins_over_the_person(app: App) -> None:
    user = app.people.local_person().id
    app.people.choose(user, name="llm", value="extractive")
    assert app.intake.wanted(user).llm == "extractive"
    app.people.choose(user, name="llm", value=None)
    assert app.intake.wanted(user).llm == "auto"
    app.settings.llm = "ollama:gemma3:4b"
    assert app.intake.wanted(user).llm == "ollama:gemma3:4b"
    assert app.intake.wanted(user, llm="extractive").llm == "extractive"  # a command's option wins
    assert app.people.locked("llm") == "ollama:gemma3:4b"


def test_a_choice_that_does_not_exist_is_refused(app: App) -> None:
    with pytest.raises(InvalidInput):
        app.people.choose(app.people.local_person().id, name="colour", value="red")
