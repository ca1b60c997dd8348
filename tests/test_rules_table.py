"""docs/rules.md names code and tests; a name that is gone makes it untrue."""

import re
from pathlib import Path

import pytest

_ROW = re.compile(r"^\| .+ \| `([^`]+)` `([^`]+)` \| `([^`:]+)::(\w+)` \| .+ \|$")
_TABLE = Path("docs/rules.md").read_text(encoding="utf-8")
_ROWS = [line for line in _TABLE.splitlines() if line.startswith("| ") and "kept by" not in line]


@pytest.mark.parametrize("row", _ROWS)
def test_what_a_row_names_is_there(row: str) -> None:
    found = _ROW.match(row)
    assert found, "a row has a clause, the code that keeps it, a test, and when that fails"
    code, name, tests, test = found.groups()
    assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", Path(code).read_text(encoding="utf-8"))
    assert f"\ndef {test}(" in Path(tests).read_text(encoding="utf-8")


def test_every_rule_has_rows() -> None:
    rules = re.findall(r"^## (\d+) .*\n\n\|.*\n\|.*\n\| ", _TABLE, re.MULTILINE)
    assert rules == [str(number) for number in range(1, 13)]
