from core.app import App
from core.messages import say
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES


@LANGUAGES
def test_the_ways_in_are_offered(in_force: App, locale: str, language: str) -> None:
    at = opened("upload", locale=locale)
    assert not at.exception
    assert at.title[0].value == say("upload.title", language)
    tabs = " ".join(tab.label for tab in at.tabs)
    assert all(say(f"upload.{name}", language) in tabs for name in ("files", "paste", "record"))


def test_a_missing_speech_model_is_said_beforehand(in_force: App) -> None:
    assert "speech model" in words(opened("upload"))


def test_a_pasted_transcript_becomes_a_meeting(in_force: App) -> None:
    at = opened("upload")
    title, text = at.text_input[-1], at.text_area[0]
    title.set_value("Pasted")
    text.set_value("Kim: We ship on Friday.")
    at = press(at, say("upload.paste_send", "en"))
    user_id = in_force.people.local_person().id
    [meeting] = in_force.meetings.all(user_id)
    assert meeting.title == "Pasted"
    assert at.title[0].value == "Pasted"
    assert len(in_force.jobs.live(user_id)) == 1
    assert list(in_force.recordings.incoming().iterdir()) == []


@LANGUAGES
def test_an_empty_paste_is_refused_with_a_sentence(
    in_force: App, locale: str, language: str
) -> None:
    at = press(opened("upload", locale=locale), say("upload.paste_send", language))
    assert at.error[0].value == say("upload.paste_empty", language)
    assert in_force.meetings.all(in_force.people.local_person().id) == []
