"""How data is handed to our components."""

from __future__ import annotations

from typing import Any


def in_a_list(data: dict[str, Any]) -> list[dict[str, Any]]:
    """`data` one level down. Streamlit looks whether values of the first level are data frames, and
    loads pandas for the question: 65 MB that nobody here needs."""
    return [data]
