"""The pages: thin, one block each, no business of their own."""
