"""What stands at the foot of minutes: how much of the meeting was read and by what, which kind of
minutes these are, and whose hand was in them. The style is not named here: it is its owner's alone,
and minutes are passed on.
"""

from __future__ import annotations

from core.domain.minutes import Coverage, Minutes
from core.domain.templates import GENERAL
from core.domain.transcript import clock
from core.engines.base import engine_name
from core.engines.factory import EXTRACTIVE
from core.messages import say
from core.services.built_ins import template_name


def engine_words(engine: str, language: str) -> str:
    """An engine's name as a reader knows it."""
    if engine == EXTRACTIVE:
        return say("minutes.engine_extractive", language)
    return engine_name(engine)


def footer_lines(minutes: Minutes, *, language: str) -> list[str]:
    """How much was read and by what, what kind of minutes these are, and whose hand was in them."""
    lines = coverage_lines(minutes.draft.coverage, engine=minutes.draft.engine, language=language)
    if minutes.template.key != GENERAL.key:
        name = template_name(minutes.template, language)
        lines.append(say("minutes.kind_of_minutes", language, name=name))
    if minutes.based_on is not None:
        lines.append(say(f"minutes.origin_{minutes.origin}", language, version=minutes.based_on))
    return lines


def coverage_lines(coverage: Coverage, *, engine: str, language: str) -> list[str]:
    """How much was read, and each range that was not."""
    lines = [_read_line(coverage, engine=_reader(engine, language), language=language)]
    if len(coverage.missing) >= max(1, len(coverage.missing_utterances)):  # all gaps have times
        ranges = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in coverage.missing)
    else:
        ranges = ", ".join(f"[{first}]–[{last}]" for first, last in coverage.missing_utterances)
    if coverage.tokens is not None:
        facts = {"read": coverage.utterances_read, "total": coverage.utterances_total}
        lines.append(say("minutes.counted", language, tokens=f"{coverage.tokens:,}", **facts))
    if ranges:
        lines.append(say("minutes.not_read", language, ranges=ranges))
    return lines


def _reader(engine: str, language: str) -> str:
    """What read the meeting, as the subject of a sentence."""
    if engine == EXTRACTIVE:
        return say("minutes.by_built_in", language)
    return say("minutes.by_model", language, model=engine_words(engine, language))


def _read_line(coverage: Coverage, *, engine: str, language: str) -> str:
    percent = f"{_thousandths(coverage) / 10:g}"
    if coverage.seconds is None:
        return say(
            "minutes.coverage",
            language,
            percent=percent,
            read=coverage.utterances_read,
            total=coverage.utterances_total,
            parts=coverage.parts,
            engine=engine,
        )
    hours, rest = divmod(int(coverage.seconds), 3600)
    length = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    if coverage.parts == 1:
        return say("minutes.read_at_once", language, percent=percent, length=length, engine=engine)
    facts = {"percent": percent, "length": length, "parts": coverage.parts, "engine": engine}
    return say("minutes.read_in_parts", language, **facts)


def _thousandths(coverage: Coverage) -> int:
    """How much was read, rounded down: 99.96 % is not all of it. By time where both the length and
    the time of every gap are known, else by utterances."""
    if coverage.complete:
        return 1000
    share = coverage.utterances_read / max(1, coverage.utterances_total)
    if coverage.seconds and len(coverage.missing) >= max(1, len(coverage.missing_utterances)):
        lost = sum(end - start for start, end in coverage.missing)
        share = max(0.0, 1.0 - lost / coverage.seconds)
    return min(999, int(1000 * share))
