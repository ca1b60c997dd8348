"""The soak: a real server, worker and model double, killed at random again and again, and what came
of it held against a run that nobody disturbed. See docs/soak.md; `make soak` runs it."""
