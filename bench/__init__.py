"""Speed and memory of MinutesAI. A machine's own speed says little, so what matters is measured
beside something to compare it with, in the same run; see `python -m bench --help`."""
