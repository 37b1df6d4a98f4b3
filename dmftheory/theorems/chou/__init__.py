"""Chou, Gieshoff, Maly and Rauhut, arXiv:2011.13772."""
