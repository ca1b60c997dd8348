"""Ollama: what is installed, and a model behind the LanguageModel Protocol.

The rules obeyed here were measured on real servers: shared research, "Twelve rules the app must
obey". Each has a test against a double that breaks when the rule is broken.
"""
