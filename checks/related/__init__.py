"""Simulations that try to break the statements of the neighbours of the main papers."""
