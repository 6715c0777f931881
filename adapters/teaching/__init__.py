"""Teaching: from mails that no rule knew, and a word of the user's, to the narrowest rule that knows them. Pure."""
