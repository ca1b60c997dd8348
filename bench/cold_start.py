"""From the command to a complete first page on a fresh data folder, beside a Streamlit script of
one line: what of it is ours."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from bench.browsing import chromium, new_page, server_of, visit
from bench.figures import Figure
from bench.processes import ROOT

_RUNS = 3


def measure(folder: Path, *, quick: bool) -> list[Figure]:
    """Seconds to the health check and to the page, and their ratio to plain Streamlit's."""
    plain = folder / "plain.py"
    plain.write_text('import streamlit as st\n\nst.title("plain")\n', encoding="utf-8")
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with chromium() as browser:
        for number in range(1 if quick else _RUNS):
            theirs.append(_start(browser, plain, folder / f"plain-{number}"))
            ours.append(_start(browser, ROOT / "Home.py", folder / f"data-{number}"))
    healthy = tuple(one[0] for one in ours)
    whole = tuple(sum(one) for one in ours)
    ratios = tuple(sum(a) / sum(b) for a, b in zip(ours, theirs, strict=True))
    return [
        Figure("cold start to first page ÷ plain", median(ratios), "×", None, ratios),
        Figure("  to health", median(healthy), "s", None, healthy),
        Figure("  to the first page, complete", median(whole), "s", None, whole),
    ]


def _start(browser: Browser, script: Path, folder: Path) -> tuple[float, float]:
    with server_of(script, folder=folder) as server, new_page(browser) as page:
        return server.healthy_after, visit(page, server.url)
