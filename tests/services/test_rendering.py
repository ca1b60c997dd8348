import re
from collections.abc import Callable
from typing import Any

import pytest

from core.app import App
from core.domain.kinds import ItemKind
from core.domain.minutes import Coverage
from core.domain.templates import Template
from core.services.built_ins import built_in
from core.services.colophon import coverage_lines
from core.services.rendering import minutes_object, plain, prose
from core.store.tables import Meeting
from tests.services.minutes_by_hand import SAID, kept

Make = Callable[..., Meeting]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("![x](http://evil/x.png)", "\\!\\[x\\](http://evil/x.png)"),
        ("| a | b |", "\\| a \\| b \\|"),
        ("3~5일, $100, 5*3", "3\\~5일, \\$100, 5\\*3"),
        ("- 목록", "\\- 목록"),
        ("1. 첫째", "1\\. 첫째"),
        ("2) 둘째", "2\\) 둘째"),
        ("# 제목", "\\# 제목"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("두\n줄", "두 줄"),
    ],
)
def test_what_was_said_shows_as_it_was(said: str, shown: str) -> None:
    assert plain(said) == shown


@pytest.mark.parametrize(
    ("written", "unwanted"),
    [
        ("![x](http://evil/x.png)", "!["),
        ("[click](http://evil)", "](http"),
        ("<img src=x>", "<img"),
        ("[a]: http://evil", "[a]: "),
        ("- [a]: http://evil", "[a]: "),
        ("costs $5 and $6", " $5"),
    ],
)
def test_a_models_markdown_reaches_nothing_outside(written: str, unwanted: str) -> None:
    assert not re.search(rf"(?<!\\){re.escape(unwanted)}", prose(written))


@pytest.mark.parametrize("written", ["<script>x</script>", r"\<b\>", "a < b"])
def test_a_tag_is_escaped_as_it_is_elsewhere(written: str) -> None:
    unescaped = written.replace("\\", "")
    assert prose(written) == plain(unescaped)


def test_a_backslash_of_the_model_does_not_let_a_tag_through() -> None:
    assert prose(r"\\<img>") == r"\\\<img\>"


def test_a_models_quotation_stays() -> None:
    assert prose("> said") == "> said"


def test_a_models_own_emphasis_stays() -> None:
    assert prose("**중요**\n\n- 하나") == "**중요**\n\n- 하나"


def rendered(app: App, make_meeting: Make, **more: Any) -> str:
    return kept(app, make_meeting(app, SAID), **more).markdown


def headings(markdown: str) -> list[str]:
    return [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]


def test_sections_stand_in_the_templates_order_under_its_titles(
    app: App, make_meeting: Make
) -> None:
    markdown = rendered(app, make_meeting, template=built_in("standup", "ko"))
    assert headings(markdown)[1:] == [
        "다음에 할 일",
        "막힌 것과 물어볼 것",
        "정한 것",
        "확인되지 않은 내용",
    ]
    assert "찾은 질문이 없습니다" in markdown  # named, and holds nothing
    assert "찾은 수치가 없습니다" not in markdown
    assert "회의록 종류: 스탠드업" in markdown


def test_a_section_that_the_template_does_not_name_is_not_hidden(
    app: App, make_meeting: Make
) -> None:
    only_facts = Template(key="own", name="*수치*", sections=(ItemKind.FACT,))
    markdown = rendered(app, make_meeting, template=only_facts)
    assert headings(markdown)[1:4] == ["사실과 수치", "결정 사항", "할 일"]
    assert "회의록 종류: \\*수치\\*" in markdown


def test_a_title_of_ones_own_stays_text(app: App, make_meeting: Make) -> None:
    hostile = Template(
        key="own", name="x", titles={ItemKind.DECISION: "![x](http://evil.example/x.png)"}
    )
    assert "## \\!\\[x\\](http" in rendered(app, make_meeting, template=hostile)


def test_what_an_item_replaced_is_told_with_its_place(app: App, make_meeting: Make) -> None:
    markdown = rendered(app, make_meeting)
    assert "- 12월 10일에 출시 [00:05] (이전 내용: 12월 3일에 출시 [01:20])" in markdown


@pytest.mark.parametrize(
    ("coverage", "told"),
    [
        (
            Coverage(4, 4, parts=7, seconds=5530.9),
            "100 % of 01:32:10 read in 7 parts by gemma3:4b.",
        ),
        (Coverage(4, 4, seconds=59), "100 % of 00:00:59 read in one go by gemma3:4b."),
        # by time, rounded down
        (
            Coverage(3, 4, missing=((0.0, 1.5),), missing_utterances=((1, 1),), seconds=3600),
            "99.9 % of 01:00:00",
        ),
        # a gap of no length is still a gap
        (
            Coverage(3, 4, missing=((5.0, 5.0),), missing_utterances=((1, 1),), seconds=3600),
            "99.9 % of",
        ),
        # one of two gaps has no time: by utterances
        (
            Coverage(2, 4, ((5.0, 6.0),), ((1, 1), (3, 3)), seconds=3600),
            "50 % of",
        ),
        (Coverage(3, 4, parts=2), "75 % of the meeting read (3 of 4 utterances, parts: 2)"),
    ],
)
def test_how_much_was_read_is_said_by_time_where_it_is_known(coverage: Coverage, told: str) -> None:
    assert told in coverage_lines(coverage, engine="ollama:gemma3:4b", language="en")[0]


def test_every_gap_is_named_also_where_one_has_no_time() -> None:
    both = Coverage(2, 4, ((5.0, 6.0),), ((1, 1), (3, 3)))
    assert (
        coverage_lines(both, engine="extractive", language="en")[1] == "Not read: [1]–[1], [3]–[3]"
    )


def test_the_object_says_which_kind_of_minutes_these_are(app: App, make_meeting: Make) -> None:
    meeting = make_meeting(app, SAID)
    found = minutes_object(kept(app, meeting, template=built_in("lecture", "ko")), meeting)
    assert found["template"] == {"key": "lecture", "name": "강의"}
    assert found["origin"] == "written"
