"""otosata tells a freelancer which clients have gone quiet, how sure it is, and what the rules allow now."""

__version__ = "0.1.0"
