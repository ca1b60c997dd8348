"""Which characters a file's bytes stand for. Each encoding must prove itself, by strict decoding
and by looking like language; where none does there is no answer, since a wrong guess puts false
words into minutes. Statistical detectors guess on short Korean files, so none is used."""

from __future__ import annotations

import codecs
import re
import unicodedata

_MAGIC = (
    b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG",
    b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"MThd", b"\x7fELF",
    b"FORM", b"#!AMR", b"caff", b"0&\xb2u", b"SQLite format 3\0", b"Rar!", b"FLV\x01", b"wvpk",
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65536
# The hundred syllables that make up over half of running Korean.
_COMMON = frozenset(
    "이다는에을의하고가지기로한사어은를도서인니시해나수라자리아일정그만게들대것보습요네저제안"
    "있으면전스부주트오원거까했우장성구여오상방무업회진할비음및과조그렇간생되입동신드개공내합"
)
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_FAMILIAR = re.compile(
    r"[\t\n\r -~\u00a0-\u024f\u2010-\u2027\u2030-\u203b\u20a9\u20ac\uac00-\ud7a3]"
)
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŒœŸ]")
_UNWRITTEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u202a-\u202e\u2066-\u2069]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(content: bytes) -> str | None:
    """The text, or None where the bytes are no text or their encoding cannot be told for sure."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = _lenient(content[len(bom) :], encoding)
            return text if text is not None and _is_text(text) else None
    if is_media(content):
        return None
    for attempt in (_utf8, _utf16, _korean, _western):
        text = attempt(content)
        if text is not None:
            return text
    return None


def is_media(content: bytes) -> bool:
    """Does a file begin as sound, pictures or archives do?"""
    riff = content[:4] == b"RIFF" and content[8:12] in (b"WAVE", b"AVI ", b"WEBP")
    return riff or content[4:8] == b"ftyp" or content.startswith(_MAGIC)


def clean(text: str) -> str:
    """`text` without characters nobody wrote (NUL, controls, direction overrides), Hangul composed;
    half a surrogate pair, which no database takes, becomes U+FFFD."""
    text = unicodedata.normalize("NFC", _UNWRITTEN.sub("", text))
    return _SURROGATE.sub("\ufffd", text)


def _lenient(content: bytes, encoding: str) -> str | None:
    """Decode; a file cut short or with a rare broken byte is still read (U+FFFD marks the spot)."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="replace")
        broken = text.count("\ufffd")
        foreign = sum(character > "\x7f" for character in text) - broken
        cut_short = broken == 1 and text.endswith("\ufffd") and len(text) > 1
        return text if cut_short or broken * 50 <= foreign else None


def _utf8(content: bytes) -> str | None:
    text = _lenient(content, "utf-8")
    return text if text is not None and _is_text(text) else None


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_UNWRITTEN.findall(sample)) * 20 <= len(sample) and sample.count("\0") * 50 <= len(
        sample
    )


def _utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: only where it reads as Latin and Hangul, as any two bytes make some
    ideograph."""
    found: list[str] = []
    if b"\0" not in content[:_SAMPLE]:
        return None  # Without one blank, digit or line end it is not a transcript.
    for encoding in ("utf-16-le", "utf-16-be"):
        head = content[:_SAMPLE].decode(encoding, errors="replace")
        familiar = len(_FAMILIAR.findall(head))
        if head and familiar >= 0.95 * len(head):
            found.append(encoding)
    if len(found) != 1:
        return None
    text = _lenient(content, found[0])
    return text if text is not None and _is_text(text) else None


def _korean(content: bytes) -> str | None:
    """CP949, of which EUC-KR is a part. Other encodings often decode as it too, into rare
    syllables, so the syllables must be those of KS X 1001 and, in longer texts, common ones."""
    text = _cp949(content)
    if text is None or not _is_text(text):
        return None
    sample = text[:_SAMPLE]
    foreign = [character for character in sample if character > "\x7f"]
    hangul = [character for character in foreign if "\uac00" <= character <= "\ud7a3"]
    plain = [character for character in hangul if _in_ks_x_1001(character)]
    common = sum(character in _COMMON for character in hangul)
    believable = (
        len(hangul) >= 0.6 * len(foreign)
        and len(plain) >= 0.9 * len(hangul)
        and common >= (0.25 * len(hangul) if len(hangul) > 5 else 1)
        and len(hangul) >= 2
    )
    return text if believable and not _mostly_stray(sample) else None


def _cp949(content: bytes) -> str | None:
    try:
        return content.decode("cp949")
    except UnicodeDecodeError as error:
        if error.start < len(content) - 1 or not error.start:
            return None
        return content[: error.start].decode("cp949") + "\ufffd"


def _in_ks_x_1001(syllable: str) -> bool:
    try:
        return len(syllable.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False


def _mostly_stray(text: str) -> bool:
    """Single syllables inside Latin words are accents of another encoding ("d駈", "na?e")."""
    stray = len(re.findall(r"[a-z][\uac00-\ud7a3][a-z ]", text))
    return stray * 3 > len(_HANGUL.findall(text))


def _western(content: bytes) -> str | None:
    """Windows-1252, only as Latin words with the odd accent or curly quote."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    letters = len(_WESTERN.findall(sample))
    foreign = sum(character > "\x7f" for character in sample)
    strange = sum(
        character > "\x7f"
        and not _WESTERN.match(character)
        and character not in "‘’“”–—…€£°«»¿¡·• ´§©®™½¼"
        for character in sample
    )
    accents = len(re.findall(r"[À-ÖØ-öø-ÿ]{3}", sample))
    believable = foreign * 3 <= letters and strange == 0 and not accents
    return text if believable and _is_text(text) else None
