"""What must be known of a meeting's file stands beside its transcript."""

from core.messages import say
from tests.pages.conftest import Seeds
from tests.pages.opening import opened, words
from tests.pages.test_main import LANGUAGES

TEXT = "[00:00:02] Alice: We have 40,000 dollars left.\n[00:99:99] Bob: That is not much.\n"


@LANGUAGES
def test_lines_with_broken_times_are_counted_on_the_page(
    seeds: Seeds, locale: str, language: str
) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT, title="Launch"))
    at = opened("meeting", locale=locale, meeting=meeting.id)
    assert not at.exception
    assert say("notices.times_broken", language, count=1) in words(at)


@LANGUAGES
def test_a_file_without_faults_gets_no_word(seeds: Seeds, locale: str, language: str) -> None:
    meeting = seeds.heard(seeds.meeting(TEXT.replace("99:99", "01:09"), title="Launch"))
    shown = words(opened("meeting", locale=locale, meeting=meeting.id))
    assert say("notices.times_broken", language, count=1)[:12] not in shown
