"""What each platform's mail means and what its rules allow, as data."""
