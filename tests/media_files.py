"""Recordings in other containers, made with PyAV's encoders: no ffmpeg binary is needed."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


def remux(source: Path, target: Path, *, times: int = 1) -> Path:
    """The sound of `source`, `times` times over, as AAC in the container that `target` names;
    an mp4 gets a small video track too."""
    with av.open(str(target), "w") as written:
        sound = written.add_stream("aac", rate=16000, layout="mono")
        video = written.add_stream("mpeg4", rate=1) if target.suffix == ".mp4" else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=16000)
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
            for second in range(done // 16000):
                picture = av.VideoFrame.from_ndarray(
                    np.full((64, 64, 3), second % 255, dtype=np.uint8), format="rgb24"
                )
                picture.pts = second
                written.mux(video.encode(picture))
            written.mux(video.encode(None))
    return target
