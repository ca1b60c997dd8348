"""`python -m evaluation [--engine NAME] [--data FILE] [--limit N] [--json FILE]`: how good the
summaries of whole meetings are, by ROUGE, beside TextRank and two baselines of the same length."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from core.engines.factory import EXTRACTIVE
from core.errors import MinutesError
from evaluation.comparison import compare
from evaluation.product import product
from evaluation.qmsum import default_data, load
from evaluation.report import as_json, as_table


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when measured; 2 with a sentence where it could not be."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("summa").setLevel(logging.ERROR)
    data: Path = asked.data or default_data()
    try:
        meetings = load(data, limit=asked.limit)
        with product(asked.engine) as one:
            comparison = compare(one, meetings)
    except (MinutesError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(as_table(comparison, data=data))
    if asked.json:
        told = json.dumps(as_json(comparison, data=data), ensure_ascii=False, indent=1)
        asked.json.write_text(told + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument(
        "--engine", default=EXTRACTIVE, metavar="NAME", help="extractive, or ollama:MODEL"
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="meetings in QMSum's form")
    parser.add_argument("--limit", type=_positive, metavar="N", help="the first N meetings")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
