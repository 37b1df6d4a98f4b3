"""Statements that the proofs of the corpus lean on."""
