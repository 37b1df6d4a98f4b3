"""Simulations that try to break the statements about Cao et al., arXiv:2212.14150."""
