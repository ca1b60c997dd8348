"""/api/embed, as recorded (embed-*)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.doubles.ollama import calls
from tests.doubles.ollama.calls import Call
from tests.doubles.ollama.embeddings import embed, embedding_tokens
from tests.doubles.ollama.faults import INPUT_TOO_LONG
from tests.doubles.ollama.library_routes import take_fault
from tests.doubles.ollama.models import Model
from tests.doubles.ollama.reader import hangul_share
from tests.doubles.ollama.records import Record
from tests.doubles.ollama.runners import Lease, effective_num_ctx, keep_alive_seconds
from tests.doubles.ollama.wire import Exchange, RefusalError

if TYPE_CHECKING:
    from tests.doubles.ollama.server import OllamaDouble


async def embed_texts(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    """Recordings embed-*. The list of vectors can be shorter than the input."""
    body = calls.check_fields(calls.parse_body(record.raw), "EmbedRequest")
    name = body.get("model") or ""
    if await take_fault(double, exchange, record):
        return
    given = body.get("input")
    if not isinstance(given, (str, list, type(None))):
        raise RefusalError(400, "invalid input type")
    if not name:
        raise RefusalError(500, "unqualified name: registry.ollama.ai/library/!MISSING!:latest")
    model = double.library.find(name)
    if model is None:
        raise RefusalError(404, f'model "{name}" not found, try pulling it first')
    texts = [given] if isinstance(given, str) else list(given or [])
    texts = [] if texts == [""] else texts
    call = Call(name, [], options=body.get("options") or {})
    call.check_options()
    keep_alive = keep_alive_seconds(body.get("keep_alive"))
    scheduler = double.scheduler
    options = {"num_ctx": effective_num_ctx(model, call.options)}
    async with scheduler.lease(
        model, options, shift=True, keep_alive=keep_alive, run=True
    ) as lease:
        record.loaded, record.reloaded = lease.loaded, lease.reloaded
        if double.delay_first:
            await asyncio.sleep(double.delay_first)
        if not texts:
            await exchange.json({"model": name, "embeddings": []})
            return
        if model.broken or record.fault == "runner_crash":
            scheduler.drop(model.name)
            raise RefusalError(
                400, 'do embedding request: Post "http://127.0.0.1:43571/embedding": EOF'
            )
        if "embedding" not in model.capabilities:
            raise RefusalError(501, "this model does not support embeddings")
        await exchange.json(_embedded(record, model, body, texts, lease))


def _embedded(
    record: Record, model: Model, body: dict[str, Any], texts: list[str], lease: Lease
) -> dict[str, Any]:
    limit = lease.runner.num_ctx
    counts = [embedding_tokens(model, text) for text in texts]
    if max(counts) > limit:
        record.overflowed = True
        # Cutting Korean at a token and reading it again gives more tokens than it was cut to:
        # a real 0.17.4 then answers 400 even by default.
        korean = model.family == "bert" and hangul_share("".join(texts)) > 0.3
        if body.get("truncate") is False or korean:
            raise RefusalError(400, INPUT_TOO_LONG)
    kept = [
        text if count <= limit else text[: len(text) * limit // count]
        for text, count in zip(texts, counts, strict=True)
    ]
    record.prompt_tokens = sum(min(count, limit) for count in counts)
    size, dimensions = model.embedding_length, body.get("dimensions")
    return {
        "model": body["model"],
        "embeddings": [embed(text, length=size, dimensions=dimensions) for text in kept],
        "total_duration": lease.load_ns + record.prompt_tokens * 300_000,
        "load_duration": lease.load_ns,
        "prompt_eval_count": record.prompt_tokens,
    }
