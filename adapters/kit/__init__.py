"""For those who write adapters: make one from mails, test it, show it, take the private words out of a mail."""
