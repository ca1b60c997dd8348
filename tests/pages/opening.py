"""Pages run without a browser, inside their frame."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = str(Path(__file__).resolve().parents[2] / "pages" / "main.py")


def opened(page: str | None = None, *, locale: str = "en-US", **address: str) -> AppTest:
    """A page at an address, as somebody with that browser sees it."""
    at = AppTest.from_file(MAIN, default_timeout=30)
    at.context = {"locale": locale, "timezone": "Asia/Seoul"}
    for name, value in address.items():
        at.query_params[name] = value
    if page:
        at.switch_page(f"{page}.py")
    return at.run()


def words(at: AppTest) -> str:
    """Everything a person could read on the page."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error")
    shown = [str(one.value) for kind in kinds for one in getattr(at, kind)]
    shown += [one.label for kind in ("button", "expander", "tabs") for one in getattr(at, kind)]
    return "\n".join(shown)


def press(at: AppTest, label: str) -> AppTest:
    """Press the button of that label."""
    found = [button for button in at.button if button.label == label]
    assert found, f"no button {label!r} among {[button.label for button in at.button]}"
    return found[0].click().run()
