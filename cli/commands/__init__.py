"""One file a command group: what it takes, what it does."""
