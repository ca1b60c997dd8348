"""MinutesAI without its pages: meetings in, minutes out, questions answered."""

__version__ = "0.1.0"
