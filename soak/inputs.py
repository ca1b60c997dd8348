"""What is given to the app: recordings and transcripts of known words, in as many copies as needed.

Recordings are put together from the committed speech, sentence by sentence, so that no espeak-ng is
needed. A copy differs from the next by a byte that nobody hears or reads: the same file twice would
be one meeting and one job.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from soak.processes import ROOT

RATE = 16_000
_DATA = ROOT / "tests" / "data"
_SPEECH = _DATA / "speech"
WHISPER = str(_DATA / "whisper-closed-vocabulary")
_SPEAKERS = ("김지수", "박민호", "이영희", "Priya", "Tom")
_MISHEARD = (
    "결재 모듈 테스트가 아직 끝나지 않았습니다.",
    "회이록은 제가 금요일까지 정리해서 공유하겠습니다.",
    "예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.",
)
"""What the double corrects when it is asked."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to give. `correct`: the model corrects it before minutes are written; `versions`: how
    many times minutes are asked for."""

    path: Path
    correct: bool = False
    versions: int = 1

    @property
    def name(self) -> str:
        """Its name, which is the meeting's title as well."""
        return self.path.stem

    @property
    def is_sound(self) -> bool:
        """Whether it must be heard."""
        return self.path.suffix == ".opus"


def make_inputs(folder: Path, *, minutes: float) -> list[Input]:
    """Recordings of about `minutes`, and transcripts that a model reads in several parts."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = max(24, round(14 * minutes))
    made = [
        Input(make_sound(folder / "회의 녹음.opus", seconds=60 * minutes, languages=("ko",))),
        Input(make_text(folder / "주간 회의.txt", lines=lines, seed=1), correct=True, versions=2),
        Input(make_text(folder / "Planning.txt", lines=lines, seed=2)),
    ]
    if minutes > 3:
        made += [
            Input(
                make_sound(folder / "Mixed.opus", seconds=80 * minutes, languages=("en", "ko")),
                correct=True,
            ),
            Input(make_text(folder / "긴 회의.txt", lines=4 * lines, seed=3), correct=True),
        ]
    return made


def make_sound(target: Path, *, seconds: float, languages: tuple[str, ...]) -> Path:
    """A meeting of at least `seconds`, its sentences drawn from the committed speech, each turn in
    the next of the languages, with pauses of 0.4 s to 1.2 s."""
    draw = random.Random(target.stem)
    said = [_sentences(language) for language in languages]
    pieces: list[np.ndarray] = []
    length = turn = 0
    while length < seconds * RATE:
        pause = np.zeros(int(draw.uniform(0.4, 1.2) * RATE), dtype=np.float32)
        pieces += [pause, draw.choice(said[turn % len(said)])]
        length += len(pieces[-2]) + len(pieces[-1])
        turn += 1
    pieces.append(np.zeros(RATE // 2, dtype=np.float32))
    _write(target, np.concatenate(pieces))
    return target


def make_text(target: Path, *, lines: int, seed: int) -> Path:
    """A transcript of `lines` sentences with times and speakers; every tenth was misheard."""
    draw = random.Random(seed)
    sentences = json.loads((Path(WHISPER) / "sentences.json").read_text(encoding="utf-8"))
    said = [*sentences["ko"], *sentences["en"]]
    clock, written = 0, []
    for number in range(lines):
        clock += draw.randint(2, 7)
        text = _MISHEARD[number // 10 % 3] if number % 10 == 4 else draw.choice(said)
        stamp = f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        written.append(f"[{stamp}] {draw.choice(_SPEAKERS)}: {text}")
    target.write_text("\n".join(written) + "\n", encoding="utf-8")
    return target


def copy_of(given: Input, number: int, folder: Path) -> Path:
    """The same words in a file of its own."""
    target = folder / f"{number:04} {given.path.name}"
    if not given.is_sound:
        target.write_text(given.path.read_text(encoding="utf-8") + "\n" * number, encoding="utf-8")
        return target
    with av.open(str(given.path)) as read, av.open(str(target), "w", format="ogg") as made:
        made.metadata["title"] = f"soak {number}"
        source = read.streams.audio[0]
        stream = made.add_stream_from_template(source)
        for packet in read.demux(source):
            if packet.size:
                packet.stream = stream
                made.mux(packet)
    return target


def _sentences(language: str) -> list[np.ndarray]:
    """The sentences of a committed meeting, each cut out at its first and last audible sample."""
    with av.open(str(_SPEECH / f"{language}-2min.opus")) as read:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts = [
            piece.to_ndarray().ravel()
            for frame in read.decode(audio=0)
            for piece in resampler.resample(frame)
        ]
    sound = np.concatenate(parts)
    truth = json.loads((_SPEECH / f"{language}-2min.json").read_text(encoding="utf-8"))
    return [sound[int(one["start"] * RATE) : int(one["end"] * RATE)] for one in truth]


def _write(target: Path, samples: np.ndarray) -> None:
    with av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", bit_rate=24_000)
        for start in range(0, len(samples), RATE):
            block = samples[start : start + RATE].reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
            frame.sample_rate = RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
