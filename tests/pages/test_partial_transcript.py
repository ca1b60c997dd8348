"""While a recording is heard, its page shows the last lines, the speed and the time left."""

from core.messages import say
from core.store import heard_windows
from core.store.tables import Job, Meeting
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, words
from tests.pages.test_main import LANGUAGES

FACTS = {"speed": 11.6, "seconds_left": 130.0}


def hearing(seeds: Seeds, meeting: Meeting, **facts: float) -> Job:
    return seeds.job(
        meeting, state="running", progress=0.4, step="hearing", step_facts={**FACTS, **facts}
    )


def heard(seeds: Seeds, job: Job, *texts: str) -> None:
    segments = [
        {"start": 60.0 + place, "end": 61.0 + place, "text": text}
        for place, text in enumerate(texts)
    ]
    with seeds.app.database.writing() as session:
        heard_windows.ensure_window(
            session,
            meeting_id=job.meeting_id,
            job_id=job.id,
            ordinal=0,
            span=(0.0, 754.0),
            segments=segments,
        )


@LANGUAGES
def test_what_was_heard_so_far_is_shown_and_said_to_be_a_part(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.meeting(title="Launch")
    lines = [f"Line {number} :smile:" for number in range(30)]
    heard(seeds, hearing(seeds, meeting), *lines)
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert not at.exception
    (expander,) = at.expander
    assert expander.label == say("steps.heard", language, until="12:34")
    assert [one.value for one in expander.caption] == [say("steps.heard_why", language)]
    (shown,) = [one.value for one in expander.markdown]
    assert len(shown.splitlines()) == 20
    assert shown.startswith("`01:10` Line 10 ")
    assert ":smile:" not in shown.replace("\\", "§")
    (bar,) = [str(one.proto.text) for one in at.get("progress")]
    assert say("steps.speed", language, speed="12") in bar
    assert say("steps.left_minutes", language, minutes=3) in bar
    assert meeting.transcript_job is None
    assert say("meeting.ask", language) not in [one.label for one in at.button]


def test_an_older_transcript_stays_below_what_is_heard_anew(seeds: Seeds) -> None:
    meeting = seeds.heard(seeds.meeting("Kim: The older words.", title="Launch"))
    heard(seeds, hearing(seeds, meeting, speed=0.852), "The newer words.")
    at = opened("meeting", meeting=meeting.id)
    assert not at.exception
    (expander,) = at.expander
    assert "The newer words" in expander.markdown[0].value
    assert say("player.lines", "en") in [one.value for one in at.subheader]
    (bar,) = [str(one.proto.text) for one in at.get("progress")]
    assert say("steps.speed", "en", speed="0.85") in bar


def test_a_stretch_without_words_is_said_to_be_one(seeds: Seeds) -> None:
    meeting = seeds.meeting(title="Launch")
    heard(seeds, hearing(seeds, meeting))
    at = opened("meeting", meeting=meeting.id)
    assert say("steps.heard_nothing", "en") in words(at)


def test_nothing_is_shown_before_the_first_window_nor_of_other_jobs(seeds: Seeds) -> None:
    meeting = seeds.meeting(title="Launch")
    hearing(seeds, meeting)
    other = seeds.heard(seeds.meeting(title="Another"))
    heard(seeds, seeds.job(other, stage="minutes", state="running", step="planning"), "Words.")
    for one in (meeting, other):
        at = opened("meeting", meeting=one.id)
        assert not at.exception
        assert not at.expander
