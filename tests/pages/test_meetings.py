import pytest

from core.app import App
from core.errors import EngineFailed
from core.messages import say
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES


@LANGUAGES
def test_without_meetings_the_page_says_what_to_do(
    in_force: App, locale: str, language: str
) -> None:
    at = opened(locale=locale)
    labels = [button.label for button in at.button]
    assert say("meetings.try_sample", language) in labels
    assert say("meetings.add", language) in labels
    assert say("meetings.empty_title", language) in words(at)


@LANGUAGES
def test_the_sample_is_one_press_away(in_force: App, locale: str, language: str) -> None:
    at = press(opened(locale=locale), say("meetings.try_sample", language))
    assert not at.exception
    user_id = in_force.people.local_person().id
    [meeting] = in_force.meetings.all(user_id)
    assert meeting.sample
    assert meeting.title == in_force.samples.get(language).title
    assert at.title[0].value == meeting.title
    assert [job.stage for job in in_force.jobs.live(user_id)] == ["transcribe"]


def test_titles_are_searched_and_shown_as_they_are(seeds: Seeds) -> None:
    seeds.meeting(title="Budget *2027* ![x](http://evil.example/x.png)")
    seeds.meeting(title="주간 회의")
    at = opened()
    at.text_input(key="meetings_search").set_value("budget").run()
    links = [one.proto.label for one in at.main if one.type == "page_link"]
    assert not at.exception
    at.text_input(key="meetings_search").set_value("nothing like it").run()
    assert "nothing like it" in at.info[0].value
    assert all("![x](" not in label for label in links)


@LANGUAGES
def test_what_runs_is_shown_and_can_be_cancelled(seeds: Seeds, locale: str, language: str) -> None:
    meeting = seeds.meeting(title="Long one")
    job = seeds.job(meeting, state="running", progress=0.42, step="hearing")
    at = opened(locale=locale)
    assert say("meetings.state_running", language) in words(at)
    press(at, say("meetings.cancel", language))
    assert seeds.app.jobs.get(seeds.user_id, job.id).state == "cancelled"


@LANGUAGES
def test_what_failed_is_said_and_can_be_tried_again(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.meeting(title="Broken")
    error = EngineFailed("recording_lost", name="a.wav")
    job = seeds.job(meeting, state="failed", error=error)
    at = opened(locale=locale)
    assert at.error[0].value == error.sentence(language)
    press(at, say("meetings.retry", language))
    assert seeds.app.jobs.get(seeds.user_id, job.id).state == "queued"


def test_a_deleted_meeting_can_be_brought_back_at_once(seeds: Seeds) -> None:
    meeting = seeds.meeting(title="Gone")
    seeds.app.meetings.delete(seeds.user_id, meeting.id)
    at = opened(deleted=meeting.id)
    assert "“Gone” is in the bin." in words(at)
    press(at, say("meetings.undo", "en"))
    assert [one.id for one in seeds.app.meetings.all(seeds.user_id)] == [meeting.id]


def test_the_bin_restores_and_deletes_for_good(seeds: Seeds) -> None:
    meetings = [seeds.meeting(title=title) for title in ("First", "Second")]
    for meeting in meetings:
        seeds.app.meetings.delete(seeds.user_id, meeting.id)
    at = opened()
    at.button(key=f"restore_{meetings[0].id}").click().run()
    at.button(key=f"delete_{meetings[1].id}").click().run()
    assert [one.title for one in seeds.app.meetings.all(seeds.user_id)] == ["First"]
    assert seeds.app.meetings.deleted(seeds.user_id) == []


def test_nobody_sees_what_is_somebody_elses(seeds: Seeds) -> None:
    seeds.meeting(title="Secret", owner="somebody else")
    at = opened()
    assert "Secret" not in words(at)
    assert say("meetings.empty_title", "en") in words(at)


@pytest.mark.parametrize("count", [30, 31])
def test_many_meetings_come_in_portions(seeds: Seeds, count: int) -> None:
    for number in range(count):
        seeds.meeting(title=f"Meeting {number}")
    labels = [button.label for button in opened().button]
    assert (say("meetings.more", "en", count=1) in labels) == (count > 30)
