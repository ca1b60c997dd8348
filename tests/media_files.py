"""Recordings in other containers, made with PyAV's encoders: no ffmpeg binary is needed."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

_CODECS = {
    ".wav": ("pcm_s16le", 16000),
    ".mp3": ("libmp3lame", 16000),
    ".flac": ("flac", 16000),
    ".opus": ("libopus", 48000),
    ".webm": ("libopus", 48000),
}


def remux(source: Path, target: Path, *, times: int = 1, created: str | None = None) -> Path:
    """The sound of `source`, `times` times over, as AAC in the container that `target` names;
    an mp4 gets a small video track too. WAV, MP3, FLAC and Ogg hold what is usual in them.
    `created` becomes the creation time that the container tells."""
    codec, rate = _CODECS.get(target.suffix, ("aac", 16000))
    with av.open(str(target), "w") as written:
        if created:
            written.metadata["creation_time"] = created
        sound = written.add_stream(codec, rate=rate, layout="mono")
        video = written.add_stream("mpeg4", rate=1) if target.suffix == ".mp4" else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        resampler = av.AudioResampler(format=sound.format, layout="mono", rate=rate)
        done = 0
        for _ in range(times):
            with av.open(str(source)) as read:
                for frame in read.decode(audio=0):
                    for piece in resampler.resample(frame):
                        piece.pts = done
                        done += piece.samples
                        written.mux(sound.encode(piece))
        written.mux(sound.encode(None))
        if video is not None:
            for second in range(done // rate):
                picture = av.VideoFrame.from_ndarray(
                    np.full((64, 64, 3), second % 255, dtype=np.uint8), format="rgb24"
                )
                picture.pts = second
                written.mux(video.encode(picture))
            written.mux(video.encode(None))
    return target
