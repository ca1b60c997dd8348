"""Makes the speech fixtures of this folder: meetings of the closed vocabulary, and their truth.

Run once by hand: `.venv/bin/python tests/data/speech/make_speech.py` (needs Debian's espeak-ng;
the tests themselves do not). The sentences, voices, speeds and pauses are the ones that the model
in tests/data/whisper-closed-vocabulary was trained on; its README.md says why they must be.

Each NAME.opus (mono, 24 kbit/s) has a NAME.json: [{start, end, text, voice}], times in seconds,
where `start` and `end` are the first and the last audible sample of the sentence.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import wave
from pathlib import Path

import av
import numpy as np

HERE = Path(__file__).parent
SENTENCES = json.loads(
    (HERE.parent / "whisper-closed-vocabulary" / "sentences.json").read_text(encoding="utf-8")
)
VOICES = {"en": ("en-us", "en-us+f3"), "ko": ("ko", "ko+f3")}
SPEAKING = (("-s", "150", "-p", "45"), ("-s", "175", "-p", "55"))
RATE = 16_000
AUDIBLE = 0.01


def speak(text: str, voice: str, speaking: tuple[str, ...]) -> np.ndarray:
    """The sentence as 16 kHz mono float32, from its first to its last audible sample."""
    made = subprocess.run(
        ["espeak-ng", "-v", voice, *speaking, "--stdout", text], capture_output=True, check=True
    )
    with wave.open(io.BytesIO(made.stdout)) as sound:
        pcm = sound.readframes(2**30)
        rate = sound.getframerate()
    frame = av.AudioFrame.from_ndarray(
        np.frombuffer(pcm, dtype=np.int16).reshape(1, -1), format="s16", layout="mono"
    )
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    pieces = [part.to_ndarray().ravel() for part in resampler.resample(frame)]
    pieces += [part.to_ndarray().ravel() for part in resampler.resample(None)]
    samples = np.concatenate(pieces)
    heard = np.flatnonzero(np.abs(samples) > AUDIBLE)
    return samples[heard[0] : heard[-1] + 1]


def meeting(language: str, seconds: float, seed: int) -> tuple[np.ndarray, list[dict]]:
    """A meeting of at least `seconds`: sentences drawn at random, with pauses of 0.4 s to 1.2 s."""
    draw = random.Random(seed)
    languages = ["ko", "en"] if language == "mixed" else [language]
    parts: list[np.ndarray] = []
    truth: list[dict] = []
    length = 0
    turn = 0
    while length < seconds * RATE:
        spoken = languages[turn % len(languages)]
        text = draw.choice(SENTENCES[spoken])
        voice = draw.choice(VOICES[spoken])
        pause = np.zeros(int(draw.uniform(0.4, 1.2) * RATE), dtype=np.float32)
        sound = speak(text, voice, draw.choice(SPEAKING))
        start = (length + len(pause)) / RATE
        end = start + len(sound) / RATE
        truth.append({"start": round(start, 3), "end": round(end, 3), "text": text, "voice": voice})
        parts += [pause, sound]
        length += len(pause) + len(sound)
        turn += 1
    parts.append(np.zeros(RATE // 2, dtype=np.float32))
    return np.concatenate(parts), truth


def write_opus(target: Path, samples: np.ndarray, bit_rate: int = 24_000) -> None:
    """Encode 16 kHz mono float32 as Ogg Opus."""
    with av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", bit_rate=bit_rate)
        for start in range(0, len(samples), RATE):
            block = samples[start : start + RATE].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
            frame.sample_rate = RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def main() -> None:
    for name, language, seconds, seed in (
        ("ko-2min", "ko", 120, 1),
        ("en-2min", "en", 120, 2),
        ("ko-15s", "ko", 15, 3),
        ("en-15s", "en", 15, 4),
        ("mixed-15s", "mixed", 15, 5),
    ):
        samples, truth = meeting(language, seconds, seed)
        write_opus(HERE / f"{name}.opus", samples)
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, f"{len(samples) / RATE:.1f} s", len(truth), "sentences")


if __name__ == "__main__":
    main()
