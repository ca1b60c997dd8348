"""The entry: `streamlit run Home.py` serves pages, API and sound on one port of this machine.

Streamlit binds its port before it reads this file, so where MINUTES_PORT says otherwise the same
command is begun again with Streamlit's own variable. An option on the command line wins.
"""

from __future__ import annotations

import os
import sys

import streamlit as st
from streamlit import config

from core.errors import MinutesError
from core.messages import choose_language
from core.settings import Settings, read_settings


def _settle_port(settings: Settings) -> int:
    """The port we are on; does not return where it is not the one that was asked for."""
    bound = int(config.get_option("server.port"))
    asked = "port" in settings.model_fields_set and not config.is_manually_set("server.port")
    if asked and bound != settings.port:
        variables = {**os.environ, "STREAMLIT_SERVER_PORT": str(settings.port)}
        os.closerange(3, 1024)  # the port that was bound by mistake, too
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], variables)  # noqa: S606
    return bound


try:
    settings = read_settings()
    port = _settle_port(settings)
    from core.api import server  # more than a second: not before the port is settled

    address = str(config.get_option("server.address") or "0.0.0.0")  # noqa: S104 (refused below)
    server.refuse_strangers(address, settings)
    server.refuse_data(settings)
except MinutesError as error:
    spoken = os.environ.get("MINUTES_LANGUAGE") or os.environ.get("LANG")
    sys.exit(error.sentence(choose_language(spoken)))

app = st.App(
    "pages/main.py",
    routes=server.routes(str(config.get_option("server.baseUrlPath") or "")),
    middleware=server.middleware(settings.hosts),
    lifespan=server.lifespan(server.Place(address=address, port=port)),
)
