"""Cuts a stream of sound into windows at pauses, and a window into clips that a model can hear.

Pure numbers: what is speech is told by a function (voice activity detection), and which model will
listen is not known. What was told stays with the window, as evidence for what is heard in it. A
window is a few minutes, so memory does not grow with the recording; no sample is lost or doubled at
a cut. A clip is at most as long as the model's own feature window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.speech_evidence import Evidence, Segment
from core.engines.sound import RATE, Samples
from core.engines.voice import (
    VOICE_FRAME,
    Span,
    Voice,
    loudness_between,
    no_voice,
    voice_between,
)

FindSpeech = Callable[[Samples], Voice]

SILENT = 3e-4
"""Loudness of digital silence (about -70 dB): no voice activity detection is spent on it."""
PAD = round(0.3 * RATE)
"""Sound kept around speech: detection starts late on soft consonants."""
JOINED_PAUSE = 2 * RATE
"""Speech spans with a longer pause between them go into different clips."""
FRAME = RATE // 50
UNHEARD = 1 * RATE
"""As much speech after a clip's last segment is heard again."""
PROGRESS = RATE // 2
"""As much a clip must have brought for its tail to be heard again."""
LATE = 0.05
"""Seconds by which speech detection may be late."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the recording: `start` in samples of the whole recording, its sound, where in it
    (in samples from its own beginning) somebody speaks, and how likely that is, frame by frame."""

    start: int
    sound: Samples
    speech: tuple[Span, ...]
    voice: Samples

    @property
    def end(self) -> int:
        """The sample of the recording after its last."""
        return self.start + len(self.sound)


def cut_windows(
    blocks: Iterable[Samples], *, longest: int, find_speech: FindSpeech, start: int = 0
) -> Iterator[Window]:
    """Windows of at most `longest` samples, cut in the longest pause of their last sixth."""
    # One array is filled as the sound comes: blocks that are kept as they are would lie scattered
    # through the heap, and the window would be in memory twice.
    sound, held = np.empty(longest, np.float32), 0
    for block in blocks:
        left = block
        while len(left):
            taken = min(len(left), longest - held)
            sound[held : held + taken] = left[:taken]
            left, held = left[taken:], held + taken
            if held == longest:
                voice = _voice_in(sound, find_speech)
                cut = _best_cut(sound, voice.speech)
                yield _window(start, sound[:cut], voice)
                rest = sound[cut:]
                sound, held, start = np.empty(longest, np.float32), len(rest), start + cut
                sound[:held] = rest
    if held:
        sound = sound[:held]
        yield _window(start, sound, _voice_in(sound, find_speech))


def _window(start: int, sound: Samples, voice: Voice) -> Window:
    inside = [(first, min(last, len(sound))) for first, last in voice.speech if first < len(sound)]
    frames = -(-len(sound) // VOICE_FRAME)
    return Window(start, sound, tuple(inside), voice.probabilities[:frames])


def _voice_in(sound: Samples, find_speech: FindSpeech) -> Voice:
    loudness = max(sound.max(initial=0), -sound.min(initial=0))  # of abs() there would be a copy
    return find_speech(sound) if loudness > SILENT else no_voice(len(sound))


def _best_cut(sound: Samples, speech: Sequence[Span]) -> int:
    """The middle of the longest pause in the last sixth, the later one where two are equal: what
    comes after the cut is looked through again with the next window."""
    earliest = len(sound) * 5 // 6
    edges = [0, *(edge for span in speech for edge in span), len(sound)]
    pauses = [
        (max(first, earliest), last)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
        if last > max(first, earliest)
    ]
    if not pauses:
        return _quietest(sound, earliest, len(sound))
    first, last = max(pauses, key=lambda pause: (pause[1] - pause[0], pause[0]))
    return (first + last) // 2


def _quietest(sound: Samples, first: int, last: int) -> int:
    """The middle of the quietest tenth of a second, for speech without a pause."""
    usable = (last - first) // FRAME * FRAME
    loudness = np.square(sound[first : first + usable]).reshape(-1, FRAME).mean(axis=1)
    smooth = np.convolve(loudness, np.ones(5), mode="same")
    return first + int(np.argmin(smooth)) * FRAME + FRAME // 2


def clips(window: Window, *, longest: int) -> list[Span]:
    """The window's speech as spans of at most `longest` samples.

    Sentences stay whole where they can: a clip that is full ends at the longest pause of its
    second half, not at the last one, which is often a comma.
    """
    found: list[Span] = []
    run: list[int] = []  # numbers of the speech spans that make up the clip so far
    edges = _padded(window)

    def close(count: int) -> None:
        found.extend(_split(window.sound, edges[run[0]][0], edges[run[count - 1]][1], longest))
        del run[:count]

    for number, (_, last) in enumerate(edges):
        if run and window.speech[number][0] - window.speech[number - 1][1] > JOINED_PAUSE:
            close(len(run))
        while run and last - edges[run[0]][0] > longest:
            close(_best_break(window.speech, [*run, number], edges[run[0]][0] + longest // 2))
        run.append(number)
    if run:
        close(len(run))
    return found


def _best_break(speech: Sequence[Span], run: Sequence[int], earliest: int) -> int:
    """How many spans of the run to keep: those before its longest pause after `earliest`, or all
    but the last where there is none."""
    breaks = [at for at in range(1, len(run)) if speech[run[at] - 1][1] >= earliest]
    pause = {at: speech[run[at]][0] - speech[run[at] - 1][1] for at in breaks}
    return max(breaks, key=pause.__getitem__, default=len(run) - 1)


def _padded(window: Window) -> list[Span]:
    """Speech with PAD around it; two spans share the pause between them if it is shorter."""
    found: list[Span] = []
    before = 0
    for number, (first, last) in enumerate(window.speech):
        follows = number + 1 < len(window.speech)
        room = (window.speech[number + 1][0] - last) // 2 if follows else len(window.sound) - last
        end = last + min(PAD, room)
        found.append((max(before, first - PAD), end))
        before = end
    return found


def _split(sound: Samples, first: int, last: int, longest: int) -> Iterator[Span]:
    while last - first > longest:
        cut = _quietest(sound, first + longest * 2 // 3, first + longest)
        yield (first, cut)
        first = cut
    yield (first, last)


def tail_of(window: Window, clip: Span, reached: float) -> Span | None:
    """The rest of a clip that was heard only up to `reached` seconds of the window, if it holds
    speech."""
    first, last = clip
    done = round(reached * RATE)
    speech = sum(max(0, min(end, last) - max(start, done)) for start, end in window.speech)
    return (done, last) if done - first >= PROGRESS and speech >= UNHEARD else None


def voice_from(window: Window, start: float, end: float) -> float:
    """The start of a segment, moved out of the silence before its speech (models like to begin
    where their sound begins); seconds of the window."""
    for first, last in window.speech:
        if last / RATE > start:
            voice = first / RATE - LATE
            return max(start, voice) if voice < end else start
    return start


def segment_in(
    window: Window, text: str, start: float, end: float, told: tuple[float, float, float]
) -> Segment:
    """A segment that a model puts between `start` and `end` seconds of the window, from where its
    speech begins, with its evidence. `told` by the model are the probability of no speech, the mean
    logarithm of probabilities and the compression ratio. Of a batched pipeline the first two are
    those of the whole clip, and the temperature, which is not told, is always its first."""
    start = voice_from(window, start, end)
    voice, voiced = voice_between(window.voice, start, end)
    no_speech, log_probability, compression = told
    evidence = Evidence(
        voice=voice,
        voiced=voiced,
        loudness=loudness_between(window.sound, start, end),
        no_speech=round(float(no_speech), 3),
        log_probability=round(float(log_probability), 3),
        compression=round(float(compression), 2),
    )
    return Segment(start, end, text, evidence)
