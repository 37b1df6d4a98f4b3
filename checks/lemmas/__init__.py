"""Checks of the lemmas on random numbers."""
