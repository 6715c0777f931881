"""Speaks when it must: what is to be said, to whom, and how each service wants to hear it."""
