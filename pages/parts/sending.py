"""The browser's code for uploads, put together. A component is one module, so what two of them
share and what others wrote (pages/static/vendor/) is put before each: nothing is fetched elsewhere.
"""

from __future__ import annotations

import json
from pathlib import Path

from pages.parts.visitor import Visitor

_HERE = Path(__file__).parent
_VENDOR = _HERE.parent / "static" / "vendor"
_TIMES = ("left_seconds", "left_minutes", "left_hours")


def sending_code(*names: str) -> str:
    """The module of a component: the files `names`, with `tus` and `Sending` before them."""
    tus = _library("tus", "tus-js-client-4.3.1.min.js")
    return "\n".join((tus, _own("sending"), *(_own(name) for name in names)))


def hashing_code() -> str:
    """`const HASHING`, the text of the worker that hashes a file."""
    vendor = (_VENDOR / "hash-wasm-4.13.0-sha256.min.js").read_text(encoding="utf-8")
    worker = json.dumps("\n".join((vendor, _own("hashing"))))
    return f"const HASHING = {worker};"


def texts_for(here: Visitor, names: str) -> dict[str, str]:
    """The sentences of a component by their short names; what goes into braces is put there by the
    browser."""
    texts = {name: _left_open(here, f"upload.js_{name}") for name in names.split()}
    return texts | {name: _left_open(here, f"steps.{name}") for name in _TIMES}


def _left_open(here: Visitor, key: str) -> str:
    slots = ("share", "speed", "left", "minutes", "hours", "seconds", "sent", "size", "moment")
    return here.text(key, **{slot: f"{{{slot}}}" for slot in slots})


def _own(name: str) -> str:
    return (_HERE / f"{name}.js").read_text(encoding="utf-8")


def _library(name: str, file: str) -> str:
    """A library that would name itself on `window`, kept within the module."""
    code = (_VENDOR / file).read_text(encoding="utf-8")
    return (
        f"const {name} = (() => {{ const module = {{ exports: {{}} }};\n"
        f"let {{ exports }} = module;\n{code}\nreturn module.exports; }})();"
    )
