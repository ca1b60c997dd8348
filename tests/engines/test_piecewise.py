"""What is done piece by piece gives the numbers of what is done at once, and takes less memory."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.engines.piecewise import clip_by_clip, voice_probabilities
from core.engines.voice import VOICE_FRAME, speech_from
from tests.engines.test_speech_windows import media_sound
from tests.engines.test_whisper import MODEL, SPEECH

PIECE = 500 * VOICE_FRAME
HEAR_BOTH = """
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from core.engines.native import keep_freed_memory
from core.engines.whisper import WhisperTranscriber

keep_freed_memory()
model, speech = map(Path, sys.argv[1:])
transcriber = WhisperTranscriber(str(model), speech, "cpu")
most = []
for name in ("ko-15s", "ko-2min"):
    list(transcriber.hear(speech / f"{name}.opus", language="ko", check=lambda: None).segments)
    most.append(getrusage(RUSAGE_SELF).ru_maxrss)
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
print((most[1] - most[0]) // unit)
"""
"""The megabytes that two minutes take beyond fifteen seconds, at their most."""


@pytest.mark.parametrize(
    "samples", [1, 63, VOICE_FRAME, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 700]
)
def test_probabilities_of_speech_are_those_of_faster_whisper(samples: int) -> None:
    from faster_whisper.vad import get_vad_model

    model = get_vad_model()
    sound = media_sound("ko-2min")[:samples]
    # A frame more: the end of the last frame is blanked there.
    padded = np.pad(sound, (0, -samples % VOICE_FRAME + VOICE_FRAME))
    theirs = model(padded).ravel()[:-1]
    ours = voice_probabilities(sound, model.session.run)
    assert np.array_equal(ours, theirs)
    assert speech_from(ours, samples=samples) == speech_from(theirs, samples=samples)


def test_no_sound_has_no_probabilities() -> None:
    from faster_whisper.vad import get_vad_model

    assert voice_probabilities(np.zeros(0, np.float32), get_vad_model().session.run).size == 0


def test_clips_that_are_encoded_one_by_one_are_those_of_the_batch() -> None:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=2)
    sound = media_sound("ko-2min")
    seconds = 30 * 16_000
    batch = np.stack(
        [model.feature_extractor(sound[at * seconds :][:seconds])[:, :3000] for at in range(3)]
    )
    at_once, each = np.asarray(model.encode(batch)), clip_by_clip(model.encode)
    assert np.array_equal(np.asarray(each(batch)), at_once)
    assert np.array_equal(np.asarray(each(batch[0])), at_once[:1])


def test_a_window_takes_little_more_memory_than_a_clip() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAR_BOTH, str(MODEL), str(SPEECH)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert int(done.stdout) < 60  # 42 here; 74 to 143 where a batch is encoded at once
