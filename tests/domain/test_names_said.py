"""Names that nobody said are found, words with a capital are not."""

import pytest

from core.domain.names_said import invents_name

_EXPO = "Marcus\nIt's the Small Business Expo in Chicago, in November. Tom does the demo."
_BOOTH = "정민재\n대학교 두 곳에서 체험 부스를 엽니다. 서울에서요."


@pytest.mark.parametrize(
    ("claim", "said", "invented"),
    [
        ("The expo takes place in Boston.", _EXPO, True),
        ("The team uses Mailchimp for it.", _EXPO, True),
        ("Jennifer will do the demo.", _EXPO, True),
        ("The expo takes place in Chicago in November.", _EXPO, False),
        ("Marcus's demo is on Tuesday.", _EXPO, False),
        ("Marketing will do the demo.", _EXPO, False),
        ("Next Steps for the Expo Demo", _EXPO, False),
        ("The FAQ covers the expo.", _EXPO, False),
        ("체험 부스는 부산에서 엽니다.", _BOOTH, True),
        ("체험 부스는 한국은행에서 엽니다.", _BOOTH, True),
        ("체험 부스는 서울에서 엽니다.", _BOOTH, False),
        # a Latin name may have been spoken in Hangul
        ("The booth is run by Naver.", _BOOTH, False),
    ],
)
def test_names_that_nobody_said(claim: str, said: str, invented: bool) -> None:
    assert invents_name(claim, said=said) is invented
