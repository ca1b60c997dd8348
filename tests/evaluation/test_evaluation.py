"""`make eval` on the meetings that are in every clone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluation import qmsum
from evaluation.__main__ import main
from evaluation.baselines import DRAWS, at_random, lead, textrank, textrank_of_long, within
from evaluation.product import plain_words
from evaluation.statistics import estimate
from tests.doubles.ollama import OllamaDouble

SYSTEMS = ["extractive", "TextRank (summa)", "TextRank, 5+ words", "lead", "random"]
MEASURES = ["rouge1", "rouge2", "rougeL"]


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble() as running:
        yield running


def _measured(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    target = tmp_path / "figures.json"
    assert main(["--data", str(qmsum.SAMPLE), "--json", str(target), *arguments]) == 0
    told: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The built-in engine's figures on all three meetings."""
    return _measured(tmp_path_factory.mktemp("measured"))


def test_every_system_is_scored_on_every_meeting(measured: dict[str, Any]) -> None:
    told = measured
    assert list(told["systems"]) == SYSTEMS
    assert len(told["meetings"]) == 3
    for measured in told["systems"].values():
        assert list(measured) == MEASURES
        for one in measured.values():
            assert 0 < one["low"] <= one["mean"] <= one["high"] < 60
        assert measured["rouge2"]["mean"] < measured["rougeL"]["mean"] < measured["rouge1"]["mean"]
    assert told["systems"]["extractive"]["rouge1"]["mean"] > 25


def test_the_same_meeting_scores_the_same_again_and_the_table_says_so(
    measured: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = _measured(tmp_path, "--limit", "1")
    table = capsys.readouterr().out
    assert again["meetings"] == measured["meetings"][:1]
    for name, scores in again["systems"].items():
        assert f"{name:<10}" in table
        assert f"{scores['rouge2']['mean']:.1f} [" in table
    assert again["development_figure"]
    assert "Development figure" in table


def test_a_difference_is_that_of_the_means_paired_by_meeting(measured: dict[str, Any]) -> None:
    told = measured
    for other in SYSTEMS[1:]:
        for measure in MEASURES:
            means = [told["systems"][name][measure]["mean"] for name in ("extractive", other)]
            found = told["differences"][other][measure]["mean"]
            assert found == pytest.approx(means[0] - means[1])


def test_a_models_minutes_are_scored_without_their_citations(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    double: OllamaDouble,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MINUTES_OLLAMA_URL", double.url)
    monkeypatch.setenv("MINUTES_NUM_CTX", "8192")
    told = _measured(tmp_path, "--engine", "ollama:tiny-qwen3", "--limit", "1")
    assert list(told["systems"])[0] == "ollama:tiny-qwen3"
    assert double.chats
    written = plain_words(double.chats[-1].answer)
    assert told["meetings"][0]["words"]["ollama:tiny-qwen3"] == len(written.split())
    assert "[" not in written
    assert not told["development_figure"]
    assert "Development figure" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--engine", "gpt"], "gpt"),
        (["--data", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(qmsum.SAMPLE), *arguments]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out


def test_a_file_in_another_form_is_refused_by_line(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"meeting_transcripts": []}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="other 1 is no meeting"):
        qmsum.load(other)


@pytest.mark.parametrize(
    ("annotated", "written"),
    [
        ("So {vocalsound} it 's here {disfmarker} OK .", "So it's here OK."),
        ("We do n't , really ( not ) .", "We don't, really (not)."),
    ],
)
def test_annotators_marks_and_spaces_are_taken_out(annotated: str, written: str) -> None:
    assert qmsum.as_written(annotated) == written


def test_baselines_have_the_wanted_length_and_say_what_was_said() -> None:
    meeting = qmsum.load(qmsum.SAMPLE, limit=1)[0]
    said = " ".join(one.text for one in meeting.utterances)
    drawn = at_random(meeting.utterances, words=100, seed="a")
    assert drawn == at_random(meeting.utterances, words=100, seed="a")
    assert drawn != at_random(meeting.utterances, words=100, seed="b")
    assert len(set(drawn)) == DRAWS
    first = lead(meeting.utterances, words=100)
    assert said.startswith(first)
    ranked = textrank(meeting.utterances, words=100)
    ranked_of_long = textrank_of_long(meeting.utterances, words=100)
    for text in (*drawn, first, ranked, ranked_of_long):
        assert 70 <= len(text.split()) <= 140
    assert min(len(line.split()) for line in ranked.splitlines()) < 3
    assert min(len(line.split()) for line in ranked_of_long.splitlines()) >= 3


@pytest.mark.parametrize(
    ("words", "chosen"),
    [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (7, 3), (100, 3)],
)
def test_sentences_are_taken_while_they_bring_the_length_nearer(words: int, chosen: int) -> None:
    assert (
        len(within(["one two three", "four five", "six seven eight nine"], words=words)) == chosen
    )


def test_a_quoted_summary_is_scored_by_what_was_quoted() -> None:
    summary = "- Kim: “We ship (1) on “Friday”.” [12]\n- “Alone.” [3]\nProse [1][2] goes on."
    assert plain_words(summary) == "We ship (1) on “Friday”.\nAlone.\nProse  goes on."


def test_an_interval_is_about_two_standard_errors_on_each_side() -> None:
    values = [float(number % 10) for number in range(100)]
    found = estimate(values)
    error = 2.8723 / math.sqrt(100)
    assert found.mean == pytest.approx(4.5)
    assert found.low == pytest.approx(4.5 - 1.96 * error, abs=0.05)
    assert found.high == pytest.approx(4.5 + 1.96 * error, abs=0.05)
    assert estimate([3.0]) == estimate([3.0, 3.0])
