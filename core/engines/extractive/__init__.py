"""The engine that needs no model: it ranks, finds by cues, and quotes; it writes nothing."""

from core.engines.extractive.engine import ExtractiveEngine

__all__ = ["ExtractiveEngine"]
