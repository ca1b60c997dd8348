"""Makes the sample meetings: reads script-*.txt aloud, writes sample-*.opus and sample-*.vtt.

Run by hand after a change to a script: `.venv/bin/python data/samples/make_samples.py` (needs
Debian's espeak-ng, and PyAV). Times in the .vtt are those of the sound. The same scripts give the
same files.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

HERE = Path(__file__).parent
RATE = 16_000
BIT_RATE = 16_000
AUDIBLE = 0.01

SAMPLES = {
    "ko": {
        "title": "제품팀 주간 회의",
        "held_at": "2026-10-13T14:00:00+09:00",
        "time_zone": "Asia/Seoul",
        "transcript": "sample-ko.vtt",
        "audio": "sample-ko.opus",
    },
    "en": {
        "title": "Product weekly",
        "held_at": "2026-10-15T10:00:00-04:00",
        "time_zone": "America/New_York",
        "transcript": "sample-en.vtt",
        "audio": "sample-en.opus",
    },
}


@dataclass(frozen=True)
class Voice:
    """An espeak-ng voice, its words a minute and its pitch (0 to 99)."""

    name: str
    speed: int
    pitch: int


VOICES = {
    "김서연": Voice("ko+f3", 188, 52),
    "박준호": Voice("ko", 182, 38),
    "이하은": Voice("ko+f2", 194, 62),
    "정민재": Voice("ko+m3", 198, 50),
    "최유진": Voice("ko+f4", 188, 70),
    "Priya": Voice("en-us+f3", 155, 52),
    "Tom": Voice("en-us", 150, 38),
    "Grace": Voice("en-us+f2", 155, 62),
    "Marcus": Voice("en-us+m3", 160, 48),
    "Elena": Voice("en-gb+f4", 155, 66),
}


def read_script(path: Path) -> list[tuple[str, str]]:
    """(speaker, text) of each line "speaker: text"."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(speaker, text.strip()) for speaker, _, text in (line.partition(":") for line in lines)]


def speak(text: str, voice: Voice) -> np.ndarray:
    """The text as 16 kHz mono float32, from its first to its last audible sample."""
    command = ["espeak-ng", "-v", voice.name, "-s", str(voice.speed), "-p", str(voice.pitch)]
    made = subprocess.run([*command, "--stdout", text], capture_output=True, check=True)
    with wave.open(io.BytesIO(made.stdout)) as sound:
        rate = sound.getframerate()
        pcm = np.frombuffer(sound.readframes(2**30), dtype=np.int16)
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    samples = np.concatenate([part.to_ndarray().ravel() for part in parts])
    heard = np.flatnonzero(np.abs(samples) > AUDIBLE)
    return samples[heard[0] : heard[-1] + 1]


def write_opus(target: Path, samples: np.ndarray) -> None:
    """Encode 16 kHz mono float32 as Ogg Opus."""
    with av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", bit_rate=BIT_RATE)
        for start in range(0, len(samples), RATE):
            block = samples[start : start + RATE].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
            frame.sample_rate = RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def stamp(seconds: float) -> str:
    """Seconds as WebVTT writes them."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{milliseconds:03d}"


def make(language: str) -> None:
    draw = random.Random(language)
    length = 0
    parts: list[np.ndarray] = []
    cues = ["WEBVTT\n"]
    for speaker, text in read_script(HERE / f"script-{language}.txt"):
        pause = np.zeros(int(draw.uniform(0.5, 1.3) * RATE), dtype=np.float32)
        sound = speak(text, VOICES[speaker])
        start = (length + len(pause)) / RATE
        end = start + len(sound) / RATE
        cues.append(f"{stamp(start)} --> {stamp(end)}\n<v {speaker}>{text}</v>\n")
        parts += [pause, sound]
        length += len(pause) + len(sound)
    parts.append(np.zeros(RATE, dtype=np.float32))
    write_opus(HERE / SAMPLES[language]["audio"], np.concatenate(parts))
    (HERE / SAMPLES[language]["transcript"]).write_text("\n".join(cues), encoding="utf-8")
    print(language, f"{length / RATE / 60:.1f} min", len(cues) - 1, "utterances")


def main() -> None:
    for language in SAMPLES:
        make(language)
    text = json.dumps(SAMPLES, ensure_ascii=False, indent=2)
    (HERE / "samples.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
