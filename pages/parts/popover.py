"""A popover that closes when its work is done, and never opens in another's place.

Without a key Streamlit knows popovers by their order: when one goes, the next one is open.
"""

from __future__ import annotations

from typing import Any

import streamlit as st


def keyed_popover(label: str, key: str, **look: Any) -> Any:
    """A popover whose being open is kept under `key`."""
    return st.popover(label, key=key, on_change="rerun", **look)


def close(key: str) -> None:
    """Close it in the next run; for a button's `on_click`."""
    st.session_state[key] = False
