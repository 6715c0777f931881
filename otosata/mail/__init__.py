"""From bytes to a Mail: sources, decoding, authentication, secrets. Reads, never writes."""
