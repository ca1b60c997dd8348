"""What is installed and loaded, and fetching it: tags, show, ps, pull, copy, delete, version."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.doubles.ollama import catalogue
from tests.doubles.ollama.calls import parse_body
from tests.doubles.ollama.faults import HTML_502, refuse
from tests.doubles.ollama.models import NAME, Model, full_name
from tests.doubles.ollama.records import Record
from tests.doubles.ollama.runners import Runner
from tests.doubles.ollama.wire import Exchange, RefusalError

if TYPE_CHECKING:
    from tests.doubles.ollama.server import OllamaDouble

_CHUNK = 262_144
_PULL_LINES = 8


async def take_fault(double: OllamaDouble, exchange: Exchange, record: Record) -> bool:
    """Plays a fault of the plain endpoints; True where the answer was given."""
    fault = double.faults.take(record.path, record.body or {})
    if fault is None:
        return False
    record.fault = fault.mode
    if fault.mode == "html_502":
        await exchange.text(HTML_502, content_type="text/html", status=502)
        return True
    if fault.mode == "tcp_abort":
        exchange.abort()
        return True
    if fault.mode in ("slow_prefill", "stall"):
        await asyncio.sleep(fault.seconds)
    name = str((record.body or {}).get("model", ""))
    refuse(fault, model=name, num_ctx=0, modern=double.modern)
    return False


async def root(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if not await take_fault(double, exchange, record):
        await exchange.text(b"Ollama is running", content_type="text/plain; charset=utf-8")


async def version(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if not await take_fault(double, exchange, record):
        await exchange.json({"version": double.version})


async def tags(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if await take_fault(double, exchange, record):
        return
    models = double.library.newest_first()
    await exchange.json({"models": [catalogue.tag(m, modern=double.modern) for m in models]})


async def openai_models(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if await take_fault(double, exchange, record):
        return
    data = [
        {
            "id": model.name,
            "object": "model",
            "created": int(model.modified_at.timestamp()),
            "owned_by": "library",
        }
        for model in double.library.newest_first()
    ]
    await exchange.json({"object": "list", "data": data}, plain_type=True)


def named(double: OllamaDouble, body: Any, *keys: str) -> tuple[str, Model]:
    """The installed model that the body names, or a 400 or 404 as recorded (show-missing)."""
    name = next((body[key] for key in keys if body.get(key)), "")
    if not name:
        raise RefusalError(400, "model is required")
    model = double.library.find(name)
    if model is None:
        raise RefusalError(404, f"model '{name}' not found")
    return name, model


async def show_model(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if await take_fault(double, exchange, record):
        return
    _, model = named(double, parse_body(record.raw), "model", "name")
    await exchange.json(catalogue.show(model, modern=double.modern))


async def loaded(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    if await take_fault(double, exchange, record):
        return
    double.scheduler.expire()
    runners = sorted(double.scheduler.runners.values(), key=lambda r: -r.expires_at)
    await exchange.json({"models": [_loaded_line(r) for r in runners]})


def _loaded_line(runner: Runner) -> dict[str, Any]:
    """`context_length` is the runner's real num_ctx (recording ps-after-num-ctx-above-model)."""
    model = runner.model
    expires = dt.datetime.fromtimestamp(runner.expires_at, dt.UTC)
    return {
        "name": model.name,
        "model": model.name,
        "size": model.size + runner.num_ctx * model.embedding_length,
        "digest": model.digest,
        "details": catalogue.details(model),
        "expires_at": catalogue.rfc3339(expires),
        "size_vram": 0,
        "context_length": runner.num_ctx,
    }


async def copy(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    body = parse_body(record.raw)
    model = double.library.find(str(body.get("source")))
    if model is None:
        raise RefusalError(404, f'model "{body.get("source")}" not found')
    double.library.put(replace(model, name=full_name(body["destination"])))
    await exchange.text(b"", content_type="")


async def delete(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    _, model = named(double, parse_body(record.raw), "model", "name")
    double.library.drop(model.name)
    double.scheduler.drop(model.name)
    await exchange.text(b"", content_type="")


async def pull(double: OllamaDouble, exchange: Exchange, record: Record) -> None:
    """Recordings pull-stream, pull-missing, pull-registry-down: 200 even when it fails."""
    body = parse_body(record.raw)
    name = body.get("model") or body.get("name")
    if not name or not NAME.fullmatch(name):
        raise RefusalError(400, "invalid model name")
    if await take_fault(double, exchange, record):
        return
    if body.get("stream") is False:
        async for line in _pull_lines(double, name):
            if "error" in line:
                raise RefusalError(500, line["error"])
        await exchange.json({"status": "success"})
        return
    async for line in _pull_lines(double, name):
        await exchange.line(line)
    await exchange.end()


async def _pull_lines(double: OllamaDouble, name: str) -> AsyncIterator[dict[str, Any]]:
    yield {"status": "pulling manifest"}
    short = re.sub(r"^https?://[^/]+/(library/)?", "", name)
    if not double.registry_up:
        host = (re.match(r"https?://[^/]+", name) or ["https://registry.ollama.ai"])[0]
        address = host.removeprefix("https://").removeprefix("http://")
        path, _, label = short.partition(":")
        yield {
            "error": f'pull model manifest: Get "{host}/v2/library/{path}/manifests/'
            f'{label or "latest"}": dial tcp {address}: connect: connection refused'
        }
        return
    model = double.registry.get(full_name(short).lower())
    if model is None:
        yield {"error": "pull model manifest: file does not exist"}
        return
    for digest, size in ((model.digest, model.size), (f"f09ab3736785{model.digest[12:]}", 261)):
        head = {"status": f"pulling {digest[:12]}", "digest": f"sha256:{digest}", "total": size}
        for completed in _progress(size):
            if double.delay_piece:
                await asyncio.sleep(double.delay_piece)
            yield head | ({"completed": completed} if completed else {})
    yield {"status": "verifying sha256 digest"}
    yield {"status": "writing manifest"}
    installed = replace(model, name=full_name(name.removeprefix("http://")))
    double.library.put(replace(installed, modified_at=dt.datetime.now(dt.UTC)))
    yield {"status": "success"}


def _progress(size: int) -> list[int]:
    """Bytes so far; 0 is left out, as at the start of a layer (README of the recordings)."""
    if size < _CHUNK:
        return [0, size]
    return [size * step // _PULL_LINES for step in range(1, _PULL_LINES + 1)]
