"""A recording heard in windows has the words of the same heard in one. Here two and a half minutes
in short windows; `make soak` does it with twelve, and with a kill in the middle (so does
tests/worker/test_windows with eight)."""

from pathlib import Path

import pytest

from soak.inputs import make_sound
from soak.twelve_minutes import NEAR, compare


@pytest.mark.parametrize("language", ["ko", "en"])
def test_windows_hear_what_is_heard_in_one(tmp_path: Path, language: str) -> None:
    recording = make_sound(tmp_path / "Meeting.opus", seconds=150, languages=(language,))
    compared, said = compare(recording, window=45.0)
    assert compared.windows >= 4
    assert compared.words >= 150
    assert len(said) > 30
    assert compared.wrong == []
    if language == "ko":  # which the model hears best
        assert compared.other == 0
    assert (compared.more, compared.furthest <= NEAR) == (0, True)
