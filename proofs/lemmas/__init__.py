"""Proofs of the lemmas."""
