"""Two invented platforms for otosata."""
