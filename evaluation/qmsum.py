"""Meetings of QMSum (Zhong et al., NAACL 2021) with a person's summary of the whole."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from core.domain.transcript import Utterance, guess_language, numbered

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "qmsum-val.jsonl"
"""All 35 validation meetings, beside the checkout where the project is worked on."""
SAMPLE = ROOT / "tests" / "data" / "qmsum" / "meetings.jsonl"
"""The three shortest of them, in every clone."""
_MARK = re.compile(r"\{\w+\}")
_SPACED = re.compile(r"\s+(?=[.,?!;:%)]|'\w|n't\b)|(?<=[($])\s+")


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was said, and the reference: a person's summary of the whole meeting."""

    title: str
    utterances: tuple[Utterance, ...]
    reference: str

    @property
    def language(self) -> str:
        """ "ko" or "en"."""
        return guess_language(self.utterances)


def default_data() -> Path:
    """Where the meetings are: all if they are here, else the sample."""
    return SHARED if SHARED.is_file() else SAMPLE


def load(path: Path, *, limit: int | None = None) -> list[Meeting]:
    """The first `limit` meetings of a file in QMSum's form, a JSON object a line. ValueError names
    the line that is none or has no summary of the whole."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        _meeting(line, title=f"{path.stem} {number}")
        for number, line in enumerate(lines[:limit], start=1)
    ]


def _meeting(line: str, *, title: str) -> Meeting:
    try:
        told = json.loads(line)
        said = [(turn["speaker"], turn["content"]) for turn in told["meeting_transcripts"]]
        reference = told["general_query_list"][0]["answer"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{title} is no meeting in QMSum's form: {error!r}") from error
    return Meeting(
        title=title,
        utterances=numbered((None, None, speaker, as_written(text)) for speaker, text in said),
        reference=as_written(reference),
    )


def as_written(text: str) -> str:
    """Without the annotators' marks ({vocalsound}, {disfmarker}), which no recording has, and with
    punctuation closed up as people write it."""
    return " ".join(_SPACED.sub("", _MARK.sub(" ", text)).split())
