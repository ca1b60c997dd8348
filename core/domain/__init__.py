"""What a meeting is and what may be said of it. Pure Python: no file, no socket, no model."""
