import re

import pytest

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage, Draft, Item, Minutes
from core.domain.transcript import Utterance
from core.errors import EngineFailed
from core.messages import say
from pages.parts.minutes_view import place, summary
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, press, words
from tests.pages.test_main import LANGUAGES

TEXT = """\
[00:00:02] Alice: We have 40,000 dollars left.
[00:00:15] Bob: I propose to move the launch to March 3rd.
[00:00:21] Alice: Agreed, the launch moves to March 3rd. Bob, please write the report by Friday.
[00:00:40] Bob: Sure, I will. Who talks to the vendor?
"""


@LANGUAGES
def test_minutes_are_shown_with_the_places_they_rest_on(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    seeds.written(meeting)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert not at.exception
    assert at.title[0].value == "Launch"
    shown = words(at)
    for section in ("summary", "decisions", "actions", "questions_asked"):
        assert say(f"minutes.{section}", language) in shown
    assert "(#u=" in shown
    assert say("notices.extractive", language) in shown


@LANGUAGES
@pytest.mark.parametrize("owner", [None, "somebody else"])
def test_an_unknown_meeting_is_said_with_a_way_back(
    seeds: Seeds, locale: str, language: str, owner: str | None
) -> None:
    meeting_id = seeds.meeting(TEXT, title="Secret", owner=owner).id if owner else "nowhere"
    at = opened("meeting", locale=locale, meeting=meeting_id)
    assert meeting_id[:10] in at.error[0].value
    assert "Secret" not in words(at)
    assert any(one.type == "page_link" for one in at.main.children.values())


@LANGUAGES
def test_without_a_choice_the_list_is_pointed_at(in_force: App, locale: str, language: str) -> None:
    at = opened("meeting", locale=locale)
    assert at.info[0].value == say("meeting.none_chosen", language)


@LANGUAGES
def test_a_running_job_is_shown_and_can_be_cancelled(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    job = seeds.job(meeting, state="running", step="hearing", progress=0.2)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("meeting.coming", language) in words(at)
    at = press(at, say("meetings.cancel", language))
    assert seeds.app.jobs.get(seeds.user_id, job.id).state == "cancelled"
    assert say("meetings.was_cancelled_transcribe", language) in words(at)


@LANGUAGES
def test_a_failed_job_says_why_and_is_tried_again(seeds: Seeds, locale: str, language: str) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    error = EngineFailed("recording_lost", name="a.wav")
    job = seeds.job(meeting, state="failed", error=error)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert at.error[0].value == error.sentence(language)
    press(at, say("meetings.retry", language))
    assert seeds.app.jobs.get(seeds.user_id, job.id).state == "queued"


def test_a_meeting_is_renamed_in_place(seeds: Seeds) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    at = opened("meeting", meeting=meeting.id)
    at.text_input[0].set_value("  Launch of 3.0 ")
    at = press(at, say("meeting.save", "en"))
    assert at.title[0].value == "Launch of 3.0"


def test_a_blank_title_is_refused(seeds: Seeds) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    at = opened("meeting", meeting=meeting.id)
    at.text_input[0].set_value(" ")
    at = press(at, say("meeting.save", "en"))
    assert at.error[0].value == say("errors.title_empty", "en")
    assert seeds.app.meetings.get(seeds.user_id, meeting.id).title == "Launch"


def test_a_deleted_meeting_goes_to_the_bin_and_its_jobs_end(seeds: Seeds) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    job = seeds.job(meeting, state="running")
    at = opened("meeting", meeting=meeting.id)
    at = at.button(key="delete_yes").click().run()
    assert at.title[0].value == say("nav.meetings", "en")
    assert [one.id for one in seeds.app.meetings.deleted(seeds.user_id)] == [meeting.id]
    assert seeds.app.jobs.get(seeds.user_id, job.id).state == "cancelled"


@LANGUAGES
def test_a_deleted_meeting_says_where_it_is_and_comes_back(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.meeting(TEXT, title="Launch")
    seeds.app.meetings.delete(seeds.user_id, meeting.id)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert at.info[0].value == say("meetings.in_bin", language, title="Launch", days=30)
    assert not at.error
    at = press(at, say("meetings.restore", language))
    assert seeds.app.meetings.deleted(seeds.user_id) == []
    assert at.title[0].value == "Launch"


def test_an_earlier_version_can_be_read(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    for version in (1, 2):
        seeds.written(meeting, version=version)
    at = opened("meeting", meeting=meeting.id)
    [picker] = [box for box in at.selectbox if box.label == say("meeting.version", "en")]
    assert picker.value == 2
    assert not picker.set_value(1).run().exception


def test_minutes_of_an_older_transcript_say_so(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    seeds.written(meeting)
    with seeds.app.database.writing() as session:
        session.merge(meeting).transcript_job = "another"
    at = opened("meeting", meeting=meeting.id)
    assert say("meeting.stale", "en") in [warning.value for warning in at.warning]


def test_a_transcript_without_minutes_offers_to_write_them(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    at = opened("meeting", meeting=meeting.id)
    assert say("meeting.no_minutes", "en") in words(at)
    press(at, say("meeting.write_start", "en"))
    assert [job.stage for job in seeds.app.jobs.live(seeds.user_id)] == ["minutes"]


@LANGUAGES
def test_a_meeting_that_nobody_asked_to_transcribe_can_be_started(
    seeds: Seeds, locale: str, language: str
) -> None:
    # The server may die between keeping a file and asking for its transcription.
    meeting = seeds.meeting(TEXT, title="Launch")
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert say("meeting.nothing_yet", language) in words(at)
    at.segmented_control(key=f"spoken_{meeting.id}").set_value("ko").run()
    press(at, say("meeting.hear_start", language))
    [job] = seeds.app.jobs.live(seeds.user_id)
    assert (job.stage, job.options["language"]) == ("transcribe", "ko")
    assert job.options["then"]["llm"] == "auto"


def test_thousands_of_items_come_when_asked_for(seeds: Seeds) -> None:
    lines = "\n".join(f"Kim: We decided to buy {number} chairs." for number in range(1, 200))
    meeting = seeds.heard(seeds.meeting(lines, title="Chairs"))
    seeds.written(meeting)
    at = opened("meeting", meeting=meeting.id)
    decisions = at.toggle(key="all_decision")
    assert "199" in decisions.label
    assert "150 chairs" not in words(at)
    assert "150 chairs" in words(decisions.set_value(True).run())


def _minutes(text: str, *, by_model: bool) -> Minutes:
    draft = Draft(
        items=(Item(kind=ItemKind.FACT, text="x"),),
        summary=text,
        coverage=Coverage(utterances_read=1, utterances_total=1),
        engine="e",
        system="s" if by_model else None,
    )
    return Minutes(
        meeting_id="m", version=1, language="en", style_version=None, draft=draft, markdown=""
    )


SPOKEN = {
    1: Utterance(number=1, start=75.0, end=80.0, speaker=None, text="a"),
    2: Utterance(number=2, start=None, end=None, speaker=None, text="b"),
}


@pytest.mark.parametrize("by_model", [True, False])
@pytest.mark.parametrize(
    "hostile",
    ["![x](http://evil.example/a.png)", "[click](http://evil.example)", "<img src=x onerror=y>"],
)
def test_what_was_said_shows_no_image_link_or_markup(hostile: str, by_model: bool) -> None:
    shown = summary(_minutes(f"{hostile} [1]", by_model=by_model), SPOKEN)
    assert not re.search(r"(?<!\\)\]\(http|(?<!\\)<img|(?<!\\)!\[", shown)
    assert shown.endswith("[01:15](#u=1)")


def test_a_place_is_a_time_or_a_number_or_nothing() -> None:
    assert place(1, SPOKEN) == "[01:15](#u=1)"
    assert place(2, SPOKEN) == "[\\#2](#u=2)"
    assert place(3, SPOKEN) == ""
