"""Proofs for Cao et al., arXiv:2212.14150: the landscape and stages of escaping saddles."""
