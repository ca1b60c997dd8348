"""The edge of every page: what failed is shown as a sentence, the unexpected with a reference."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import ConfigError, MinutesError
from core.messages import choose_language, say
from pages.parts.words import literal

log = logging.getLogger(__name__)


@contextmanager
def shown_to_user(language: str | None = None) -> Iterator[None]:
    """Show whatever the block raises where it was raised; the rest of the page goes on.

    Streamlit's own control flow (rerun, stop) derives from BaseException and passes.
    """
    spoken = language or choose_language(st.context.locale)
    try:
        yield
    except ConfigError as error:
        st.error(literal(error.sentence(spoken)), icon=":material/settings_alert:")
    except MinutesError as error:
        st.error(literal(error.sentence(spoken)), icon=":material/error:")
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("a page failed (reference %s)", reference)
        st.error(
            say("errors.unexpected", spoken, reference=reference), icon=":material/bug_report:"
        )
