"""Takes the private words out of a mail, so that it can be published."""
