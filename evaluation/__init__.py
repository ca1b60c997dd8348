"""How good summaries are, measured on meetings whose summaries people wrote: `make eval`."""
