import json

import pytest

from core.domain.kinds import ItemKind
from core.domain.reading import overfull, parse_reading, reading_schema, transcript_line
from core.domain.transcript import Utterance

EMPTY = {"topics": [], "decisions": [], "actions": [], "questions": [], "facts": []}


def _answer(**arrays: object) -> str:
    return json.dumps({**EMPTY, **arrays}, ensure_ascii=False)


def test_items_are_read_from_a_whole_answer() -> None:
    items = parse_reading(
        _answer(
            decisions=[{"text": "출시합니다", "quote": "출시하기로", "utterances": [4, 2, 4]}],
            actions=[
                {
                    "text": "Write notes",
                    "quote": "write the notes",
                    "utterances": [7],
                    "owner": "Kim",
                    "due_text": "by Friday",
                }
            ],
        )
    )
    assert [item.kind for item in items] == [ItemKind.DECISION, ItemKind.ACTION]
    assert items[0].utterances == (2, 4)
    assert items[1].owner == "Kim"
    assert not any(item.verified for item in items)


@pytest.mark.parametrize(
    "text",
    [
        "",  # nothing
        "{",  # cut
        '{"topics": [',  # cut within
        "[]",  # not an object
        json.dumps({"topics": []}),  # arrays missing
        _answer(decisions="none"),  # not an array
        _answer(decisions=["ship"]),  # not an object
        _answer(decisions=[{"text": "a", "utterances": [1]}]),  # no quote
        _answer(decisions=[{"text": "", "quote": "a", "utterances": [1]}]),  # no text
        _answer(decisions=[{"text": "a", "quote": "a", "utterances": "1"}]),  # not a list
        _answer(decisions=[{"text": "a", "quote": "a", "utterances": [True]}]),  # not a number
        _answer(decisions=[{"text": 5, "quote": "a", "utterances": [1]}]),  # not a text
        _answer() + _answer(),  # two answers
        "```json\n" + _answer() + "\n```",  # a fence around it: the schema forbids it
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_no_answer(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (JSONDecodeError is one)
        parse_reading(text)


def test_a_full_list_says_that_there_may_be_more() -> None:
    one = {"text": "a", "quote": "a", "utterances": [1]}
    assert not overfull(parse_reading(_answer(decisions=[one] * 11)))
    assert overfull(parse_reading(_answer(decisions=[one] * 12)))


def test_the_schema_puts_evidence_before_the_claim_in_any_order_of_keys() -> None:
    decision = reading_schema()["properties"]["decisions"]["items"]
    assert list(decision["properties"]) == sorted(decision["properties"])
    assert set(decision["required"]) == set(decision["properties"])


def test_a_line_begins_with_its_number() -> None:
    assert transcript_line(Utterance(12, 1.0, 2.0, "Kim", "Ship it")) == "[12] Kim: Ship it"
    assert transcript_line(Utterance(3, None, None, None, "Ship it")) == "[3] Ship it"
