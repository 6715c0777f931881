"""The widgets: each draws one thing and knows nothing of the others."""
