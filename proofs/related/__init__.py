"""Proofs for the neighbours of the main papers."""
