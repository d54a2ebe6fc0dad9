"""Who has borrowed which book."""
