"""Fetching models through Ollama. It goes on in this process whatever page is open, and only ever
begins at a person's word. Every page sees the same pulls.

A pull ends with its server process; what Ollama has by then it keeps, and the next start goes on.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field

from core.engines.factory import Engines
from core.engines.model_loop import ModelLoop
from core.engines.ollama.pulling import PullProgress, checked_model_name, source_of
from core.services.model_tasks import ModelTask, ModelTasks, new_key
from core.services.people import People

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Pull(ModelTask):
    """One model that is fetched, or was. `source` is the host it comes from."""

    source: str = ""
    progress: PullProgress = PullProgress()


@dataclass(frozen=True)
class Pulls:
    """The pulls of this server process, in the order they were first asked for."""

    engines: Engines
    loop: ModelLoop
    people: People
    _tasks: ModelTasks[Pull] = field(init=False)

    def __post_init__(self) -> None:
        """The tasks run on the same loop."""
        object.__setattr__(self, "_tasks", ModelTasks[Pull](self.loop))

    def all(self) -> list[Pull]:
        """What runs and what has ended since the server started."""
        return self._tasks.all()

    def start(self, asked_by: str, name: str) -> Pull:
        """Begin to fetch a model, or go on; one that is being fetched is left alone.

        Raises InvalidInput("admins_only"), InvalidInput for a name that is none, ConfigError where
        the model runs elsewhere.
        """
        self.people.refuse_others(asked_by)
        model = checked_model_name(name)
        lines = self.engines.pull(model)

        async def follow(begun: Pull) -> None:
            async with aclosing(lines):
                async for progress in lines:
                    self._tasks.set(begun, progress=progress)

        return self._tasks.start(
            model,
            begin=lambda _: Pull(
                key=new_key(), model=model, state=RUNNING, source=source_of(model)
            ),
            work=follow,
        )

    def cancel(self, asked_by: str, model: str) -> None:
        """Stop fetching at once; what is there is kept by Ollama for the next start. Raises
        InvalidInput("admins_only")."""
        self.people.refuse_others(asked_by)
        self._tasks.cancel(model)

    def forget(self, asked_by: str, model: str) -> None:
        """Take an ended pull off the list. Raises InvalidInput("admins_only")."""
        self.people.refuse_others(asked_by)
        self._tasks.forget(model)
