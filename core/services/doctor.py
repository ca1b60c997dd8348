"""What works on this machine and what does not, each with the command that mends it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, replace
from enum import StrEnum

from core.engines.base import engine_name
from core.engines.factory import AUTO, EXTRACTIVE, Engines
from core.errors import MinutesError
from core.messages import say
from core.services.people import People
from core.settings import Settings

_LITTLE_DISK = 2 * 1024**3
_GIB = 1024**3
_EMPTY = ("ollama_empty", "gemma3:4b")


class Health(StrEnum):
    """How a thing is."""

    GOOD = "good"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. `command` mends it, None where nothing needs mending."""

    topic: str
    health: Health
    sentence: str
    command: str | None = None


@dataclass(frozen=True)
class Doctor:
    """Looks at everything the app leans on."""

    settings: Settings
    engines: Engines
    people: People

    def examine(self, user_id: str, *, language: str) -> list[Finding]:
        """Every finding, in the order a person would mend them."""
        return [
            self._python(language),
            self._disk(language),
            self._ollama(language),
            self._model(user_id, language),
            self._speech_model(user_id, language),
            self._voice(language),
        ]

    def what_works(self, user_id: str, *, language: str) -> list[Finding]:
        """What can be used here, for who does not look after the machine: no commands, no folders
        or addresses."""
        writing = self._model(user_id, language)
        if writing.health is not Health.GOOD:
            chosen = self.people.choice(user_id, name="llm") or AUTO
            told = say("doctor.engine_away", language, engine=engine_name(chosen))
            writing = Finding(writing.topic, writing.health, told)
        hearing = self._speech_model(user_id, language)
        if hearing.health is not Health.GOOD:
            name, _ = self.engines.speech_model(self.people.choice(user_id, name="whisper_model"))
            told = say("doctor.speech_later", language, model=name)
            hearing = Finding(hearing.topic, hearing.health, told)
        return [writing, hearing, replace(self._voice(language), command=None)]

    def _python(self, language: str) -> Finding:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return Finding("python", Health.GOOD, say("doctor.python", language, version=version))

    def _disk(self, language: str) -> Finding:
        free = shutil.disk_usage(self.settings.folder).free
        facts = {"folder": str(self.settings.folder), "free": f"{free / _GIB:.1f} GB"}
        if free < _LITTLE_DISK:
            return Finding(
                "disk",
                Health.BROKEN,
                say("doctor.disk_low", language, **facts),
                f"du -sh {self.settings.folder}/*",
            )
        return Finding("disk", Health.GOOD, say("doctor.disk", language, **facts))

    def _ollama(self, language: str) -> Finding:
        try:
            models = self.engines.suitable()
            version = self.engines.ollama_version()
        except MinutesError as error:
            mend = "ollama serve" if error.code == "ollama_unreachable" else None
            return Finding("ollama", Health.MISSING, error.sentence(language), mend)
        usable = [one.model.name for one in models if one.usable]
        facts = {"url": self.settings.ollama_address, "version": version}
        if not usable:
            # With models that all lack something, the way on is a smaller one.
            key, advised = ("ollama_none_usable", "gemma3:1b") if models else _EMPTY
            return Finding(
                "ollama",
                Health.MISSING,
                say(f"doctor.{key}", language, count=len(models), **facts),
                f"ollama pull {advised}",
            )
        return Finding(
            "ollama",
            Health.GOOD,
            say("doctor.ollama", language, models=", ".join(usable), **facts),
        )

    def _model(self, user_id: str, language: str) -> Finding:
        wanted = self.people.choice(user_id, name="llm") or AUTO
        engine, _ = self.engines.resolve(wanted)
        if engine == EXTRACTIVE:
            return Finding("engine", Health.GOOD, say("doctor.engine_extractive", language))
        try:
            self.engines.writer(engine)
        except MinutesError as error:
            return Finding("engine", Health.BROKEN, error.sentence(language), "ollama list")
        return Finding("engine", Health.GOOD, say("doctor.engine", language, engine=engine))

    def _speech_model(self, user_id: str, language: str) -> Finding:
        model = self.people.choice(user_id, name="whisper_model")
        name, present = self.engines.speech_model(model)
        if present:
            return Finding("speech", Health.GOOD, say("doctor.speech", language, model=name))
        return Finding(
            "speech",
            Health.MISSING,
            say("doctor.speech_missing", language, model=name),
            ".venv/bin/python -m core doctor --fetch-speech-model",
        )

    def _voice(self, language: str) -> Finding:
        if self.engines.can_speak():
            return Finding("voice", Health.GOOD, say("doctor.voice", language))
        return Finding(
            "voice",
            Health.MISSING,
            say("doctor.voice_missing", language),
            "sudo apt-get install espeak-ng",
        )
