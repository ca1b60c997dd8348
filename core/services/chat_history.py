"""What a model is told of a conversation: questions, and the turns before the newest one.

The history is append-only and trimmed rarely, in big steps, because each cut makes the model read
everything again.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.engines.base import LanguageModel, Message
from core.prompts import neutral, render
from core.store.tables import Turn

_HIGH = 0.2
_LOW = 0.1
"""When the history passes the first share of the room it is cut to the second."""


def question_message(question: str, *, lines: Sequence[str] = ()) -> str:
    """A question as it is sent, with the lines of the transcript that were looked up for it."""
    passages = render("chat_passages", lines=neutral("\n".join(lines))) + "\n\n" if lines else ""
    return render("chat_question", passages=passages, question=neutral(question))


def told_of(
    turns: Sequence[Turn], model: LanguageModel, room: int
) -> tuple[tuple[Message, ...], int]:
    """Answered turns as messages, and how many of the oldest were left out for lack of room."""
    first = _first_kept(turns, model, room)
    return tuple(message for one in turns[first:] for message in _messages(one)), first


def _first_kept(turns: Sequence[Turn], model: LanguageModel, room: int) -> int:
    """Where the history begins. It depends only on the turns, so that it moves rarely."""
    first = 0
    for end in range(1, len(turns) + 1):
        if _size(turns[first:end], model) > room * _HIGH:
            while first < end and _size(turns[first:end], model) > room * _LOW:
                first += 1
    return first


def _size(turns: Sequence[Turn], model: LanguageModel) -> int:
    return model.count([message for turn in turns for message in _messages(turn)])


def _messages(turn: Turn) -> tuple[Message, Message]:
    """A turn as it was sent; looked-up lines stay in it, or the cache would be lost."""
    asked = turn.user_message or question_message(turn.question)
    return Message("user", asked), Message("assistant", neutral(turn.answer))
