"""A fictional mailbox behind a real IMAP server inside the program."""
