"""What stands where something is still being asked for."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.visitor import Visitor


def checking(visitor: Visitor) -> DeltaGenerator:
    """A line for the time being. No st.spinner: in a parallel fragment its timer fails aloud when
    the person moves on."""
    place = st.empty()
    place.caption(f":material/hourglass_top: {visitor.text('system.checking')}")
    return place
