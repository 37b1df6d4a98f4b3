"""Neighbours of the main papers: incremental learning, linear rates, learning curves."""
