"""Lines that Whisper is known to write where nobody speaks: it learned from the subtitles of
videos, which end with thanks, credits and station names over music and silence.

`is_credit` knows what hardly anybody says in a meeting; `is_courtesy` what people do say, so that
it takes much weaker evidence to doubt it. Only a whole line counts. That there is such a set, and
that it is small, was measured by Barański et al. (2025, arXiv 2501.11378, "bag of hallucinations");
the Korean ones are those that users of Whisper report again and again.
"""

from __future__ import annotations

import re

_STATION = r"(mbc|kbs|sbs|ytn|jtbc|mbn|채널a|tv ?조선|연합뉴스)( ?tv)?"
_THANKS = r"(감사|고맙)(합니다|습니다|드립니다)"

_CREDITS = (
    # thanks for watching, and what channels ask for
    r"(오늘도 |끝까지 |지금까지 |여러분 |영상을? )*시청 ?해 ?주(셔서|신)"
    rf"( 여러분)?( 정말| 대단히)? {_THANKS}",
    rf"(오늘도 |끝까지 |지금까지 |영상을? )*(봐|들어) ?주셔서( 정말| 대단히)? {_THANKS}",
    r"(.{0,20} )?구독( ?과| 및)?( ?와)? ?좋아요.{0,30}",
    r"(구독|좋아요|알림 ?설정)(을|를|도|까지)?( 꼭)? (부탁(드립니다|드려요|해요)|눌러 ?주세요)",
    r"(그럼 )?다음 (영상|시간|비디오)(에서|에|에도)?( 다시| 또)? "
    r"(만나요|만나겠습니다|뵙겠습니다|봬요|뵐게요)",
    rf"오늘 영상은 여기까지(입니다)?( {_THANKS})?",
    # subtitles and news desks
    r"((한글|한국어|영어|배달의민족) ?)?자막 ?(제공|제작|협찬|by).{0,40}",
    r"(번역|자막|기획|편집|촬영)( 및)?( 번역| 자막| 편집)? by .{1,30}",
    r"이 (영상|동영상|콘텐츠)(은|는)? .{0,20}(자막|유료 ?광고|협찬).{0,25}",
    rf"(.{{1,10}}에서 )?{_STATION}( 뉴스)? [가-힣]{{2,4}}(입니다|이었습니다|였습니다|기자입니다)",
    rf"{_STATION} ?뉴스( [가-힣]{{2,4}})?",
    # the same in English
    r"(thanks|thank you)( so much| very much| all| guys| everyone)* for (watching|viewing)"
    r"( (this|the|my|our) (video|channel|episode))?( (and|please) .{0,60})?",
    r"((please|and|also|like|comment|remember to|make sure to|don t forget to|hit|share) )*"
    r"subscribe( to (my|our|the|this) channel)?( for more( videos)?)?( and .{0,60})?",
    r"((and |so )?(i ll|we ll|i will) )?see you( guys| all)?( again)? in the next "
    r"(video|one|episode)( bye( bye)?)?",
    r"(subtitles?|captions?|subtitled|captioned|transcri(bed|ption|pt)|translat(ed|ion))"
    r"( and \w+)? (provided )?by .{2,60}",
    r".{0,40}\bamara org\b.{0,30}",
    r"(transcription )?(outsourcing|castingwords)( llc)?",
    r"(www )?(zeoranger co uk|otter ai|mooji org)",
    r"for more information visit www .{3,40}",
    r"(copyright .{0,40})?all rights reserved",
    # what slips in from other languages
    r"(ご視聴|ご清聴|ご覧いただき)ありがとうございま(した|す)",
    r"(チャンネル登録|高評価).{0,25}",
    r"(请|請)?不吝(点赞|點贊).{0,40}",
    r".{0,20}字幕.{0,30}",
    r"(谢谢|謝謝|感谢|感謝)(大家|您的?)?(的)?(观看|觀看|收看|收听|收聽)",
    r"(продолжение следует|(редактор )?субтитр\w* .{2,40})",
)

_COURTESIES = (
    rf"((네|예|정말|대단히|모두) )*{_THANKS}( {_THANKS})*",
    r"고마워요?",
    r"(네 )?수고(하셨습니다|하세요|많으셨습니다)",
    r"안녕히 ?(계세요|가세요)",
    r"((다음에|다음 ?주에|그럼|또|다시) )+(만나요|뵙겠습니다|봬요)",
    r"아멘",
    r"((ok|okay|and|so) )*(thank you|thanks)( so much| very much| all| everyone| guys)?"
    r"( thank you)*( bye)?",
    r"(good ?)?bye( ?bye)*( now| everyone)?",
    r"see you( later| soon| next time| tomorrow)?",
    r"(you|the end|i m sorry|so|oh|uh|um|hm+|mm+|mhm)",
)

_CREDIT = re.compile("|".join(f"(?:{one})" for one in _CREDITS))
_COURTESY = re.compile("|".join(f"(?:{one})" for one in _COURTESIES))
_MARKS = re.compile(r"\W+")


def is_credit(text: str) -> bool:
    """Whether the line is one of a video's beginning or end, and of hardly any meeting."""
    return _CREDIT.fullmatch(plain(text)) is not None


def is_courtesy(text: str) -> bool:
    """Whether the line is a thank-you, a goodbye or a filler and nothing else."""
    return _COURTESY.fullmatch(plain(text)) is not None


def plain(text: str) -> str:
    """The words alone: lower case, marks as spaces, single spaces."""
    return _MARKS.sub(" ", text.lower()).strip()
