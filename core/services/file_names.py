"""Names of files that every system takes: Windows is the strictest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

LONGEST = 60
"""Characters of a name, and at most"""
_BYTES = 180
"""bytes: Korean has three a character, and folders of ours stand before it."""
_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
}
"""What Windows takes for a device, also with an ending."""


def safe_name(name: str, *, ending: str = "") -> str:
    """`name` with what some system refuses replaced, cut to `LONGEST`, with `ending` (".md")."""
    shown = "".join(
        "_"
        if one in _FORBIDDEN or unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else one
        for one in unicodedata.normalize("NFC", name)
    )
    cut = " ".join(shown.split())[:LONGEST]
    while len(cut.encode()) > _BYTES:
        cut = cut[:-1]
    cut = cut.strip(" .")
    if not cut or cut.partition(".")[0].strip().casefold() in _RESERVED:
        cut = f"_{cut}"
    return f"{cut}{ending}"


@dataclass
class Names:
    """The names of one folder: of two that some system takes for the same, the later gets a
    number."""

    taken: set[str] = field(default_factory=set)

    def free(self, name: str, *, ending: str = "") -> str:
        """`safe_name`, taken from now on."""
        number, found = 1, safe_name(name, ending=ending)
        while _same(found) in self.taken:
            number += 1
            found = f"{safe_name(name)} ({number}){ending}"
        self.taken.add(_same(found))
        return found


def _same(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
