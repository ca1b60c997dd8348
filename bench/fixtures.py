"""What is heard and read by the measurements: sound of any length, transcripts of any length.

Each is different from the one before by one byte or one word, because the same file twice is one
meeting and one job.
"""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av

from bench.processes import ROOT

DATA = ROOT / "tests" / "data"
MODEL = DATA / "whisper-closed-vocabulary"
_SPEECH = DATA / "speech"
_SCRIPTS = ROOT / "data" / "samples"


def make_sound(target: Path, *, seconds: float, number: int) -> float:
    """Repeat the committed Korean meeting into an Ogg file of at least `seconds`; returns how long
    it is. The packets are copied, so an hour is made at once. `number` goes into its metadata."""
    packets, template = _packets(_SPEECH / "ko-2min.opus")
    length = sum(one.duration for one in packets)
    base = packets[0].time_base
    times = max(1, -(-int(seconds / base) // length))
    with av.open(str(target), "w", format="ogg") as made:
        made.metadata["title"] = f"bench {number}"
        stream = made.add_stream_from_template(template)
        place = 0
        for _ in range(times):
            for original in packets:
                packet = av.Packet(bytes(original))
                packet.pts = packet.dts = place
                packet.duration = original.duration
                packet.time_base = base
                packet.stream = stream
                made.mux(packet)
                place += original.duration
    template.container.close()
    return float(place * Fraction(base))


def make_short_sound(target: Path, *, number: int) -> None:
    """A few seconds, for warming up."""
    target.write_bytes((_SPEECH / "ko-15s.opus").read_bytes() + bytes([number % 256]))


def make_transcript(target: Path, *, utterances: int, seed: int) -> None:
    """A meeting of Korean and English, in a transcript's plain form. Sentences are those of the
    speech fixtures and of the sample meetings, their figures drawn anew."""
    draw = random.Random(seed)
    sentences = json.loads((MODEL / "sentences.json").read_text(encoding="utf-8"))
    said = [*sentences["ko"], *sentences["en"], *_script("script-ko"), *_script("script-en")]
    draw.shuffle(said)
    speakers = ("김서연", "박준호", "이하은", "Priya", "Tom")
    clock = 0
    lines = []
    for _, text in zip(range(utterances), cycle(said), strict=False):
        clock += draw.randint(2, 7)
        stamp = f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        words = re.sub(r"\d+", lambda _: str(draw.randint(1, 28)), text)
        lines.append(f"[{stamp}] {draw.choice(speakers)}: {words}")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _packets(path: Path) -> tuple[list[av.Packet], av.AudioStream]:
    container = av.open(str(path))
    stream = container.streams.audio[0]
    return [packet for packet in container.demux(stream) if packet.size and packet.duration], stream


def _script(name: str) -> list[str]:
    lines = (_SCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [text.strip() for line in lines if (text := line.partition(":")[2])]
