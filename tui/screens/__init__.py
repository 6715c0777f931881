"""The screens: what is arranged where, and which key does what."""
