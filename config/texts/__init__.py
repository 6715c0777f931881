"""The message catalogue: what both faces say, in Japanese and English."""
