"""Korean morphemes: what they are, what they cost, and that the cost ends."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from core.engines.korean import Korean, has_hangul, shared_korean
from tests.waiting import until


@pytest.fixture(scope="module")
def korean() -> Iterator[Korean]:
    one = Korean()
    yield one
    one.release()


def forms(korean: Korean, text: str) -> list[str]:
    return [morpheme.form for morpheme in korean.morphemes([text])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("문서를 정리하겠습니다.", ["문서", "정리"]),  # particles and endings are left out
        ("비용이 크게 줄었어요", ["비용", "크다", "줄다"]),  # verbs in their dictionary form
        ("걸어서 갔다", ["걷다", "가다"]),  # an irregular verb
        ("이천이십육 명", ["이천이십육"]),  # a number in one piece
        ("API 문서", ["문서"]),  # Latin letters are the caller's
        ("", []),
        ("hello 123 !!", []),
    ],
)
def test_content_morphemes(korean: Korean, text: str, expected: list[str]) -> None:
    assert forms(korean, text) == expected


def test_each_text_has_its_own_answer_in_order(korean: Korean) -> None:
    texts = ["예산", "hello", "회의", "", "서버"] * 3_000
    answers = [[morpheme.form for morpheme in found] for found in korean.morphemes(texts)]
    assert answers == [["예산"], [], ["회의"], [], ["서버"]] * 3_000


@pytest.mark.parametrize(
    "text", ["가" * 30_000, "\ud800 회의 \x00\n", "회의\r\n서버", "ㅋㅋㅋ 회의"]
)
def test_hostile_text_is_survived(korean: Korean, text: str) -> None:
    assert korean.morphemes([text, "예산"])[1][0].form == "예산"


def test_nothing_is_loaded_for_text_without_hangul() -> None:
    korean = Korean()
    assert korean.morphemes(["Good morning", "", "会議", "ㅋㅋ"]) == [(), (), (), ()]
    assert korean.child_id is None
    assert not has_hangul("ok 123")


def test_the_model_never_lives_in_this_process_and_ends_when_idle() -> None:
    korean = Korean(idle_seconds=0.3)
    before = psutil.Process().memory_info().rss
    korean.morphemes(["회의를 시작합니다"])
    child = psutil.Process(korean.child_id)
    assert child.ppid() == os.getpid()
    assert child.memory_info().rss > 150e6
    until(lambda: korean.child_id is None)
    until(lambda: not child.is_running())
    assert psutil.Process().memory_info().rss - before < 30e6
    assert forms(korean, "회의") == ["회의"]  # and it comes back
    korean.release()


def test_a_use_puts_off_the_end() -> None:
    korean = Korean(idle_seconds=0.8)
    korean.morphemes(["회의"])
    child = korean.child_id
    end = time.monotonic() + 1.6
    while time.monotonic() < end:
        assert forms(korean, "회의") == ["회의"]
        time.sleep(0.05)
    assert korean.child_id == child
    korean.release()
    assert korean.child_id is None


def test_a_killed_child_is_replaced(korean: Korean) -> None:
    forms(korean, "회의")
    child = korean.child_id
    psutil.Process(child).kill()
    assert forms(korean, "회의") == ["회의"]
    assert korean.child_id != child


def test_threads_share_one_child(korean: Korean) -> None:
    answers: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: answers.append(forms(korean, "예산 회의")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["예산", "회의"]] * 8
    assert sum(child.pid == korean.child_id for child in psutil.Process().children()) == 1


def test_there_is_one_for_the_process() -> None:
    assert shared_korean() is shared_korean()
