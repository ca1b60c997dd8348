"""Every failure a person may meet: a code, and the facts its sentence needs.

MinutesError
├── NotFound           there is no such thing, or it is somebody else's
├── InvalidInput       what was given cannot be used; giving something else helps
├── EngineUnavailable  a model or a program is not there; installing or starting it helps
├── EngineFailed       a model or a program was there and failed; trying again may help
└── ConfigError        a setting is wrong; changing it helps

The sentence itself lives in `core.messages` under `errors.<code>`, in the reader's language.
"""

from __future__ import annotations

from core.messages import say

Fact = str | int | float | None


class MinutesError(Exception):
    """A failure with a name. `code` picks the sentence, `facts` fill its slots."""

    def __init__(self, code: str, **facts: Fact) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)

    def __str__(self) -> str:
        """The English sentence, for logs."""
        return self.sentence("en")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep code and facts when a job's failure is pickled between processes."""
        return (_rebuild, (type(self), self.code, self.facts))

    def sentence(self, language: str) -> str:
        """What happened, to which thing, and what to do next, in `language` ("ko" or "en")."""
        return say(f"errors.{self.code}", language, **self.facts)


class NotFound(MinutesError):
    """There is no such thing for this person."""


class InvalidInput(MinutesError):
    """What was given cannot be used."""


class EngineUnavailable(MinutesError):
    """A model or program is missing or unreachable."""


class EngineFailed(MinutesError):
    """A model or program failed while it worked."""


class ConfigError(MinutesError):
    """A setting has a value that cannot work."""


def _rebuild(kind: type[MinutesError], code: str, facts: dict[str, Fact]) -> MinutesError:
    return kind(code, **facts)


_KINDS = {
    kind.__name__: kind
    for kind in (NotFound, InvalidInput, EngineUnavailable, EngineFailed, ConfigError)
}


def error_from(kind: str, code: str, facts: dict[str, Fact]) -> MinutesError:
    """The error that was stored as its kind's name, code and facts (jobs and turns keep these)."""
    return _KINDS.get(kind, MinutesError)(code, **facts)
