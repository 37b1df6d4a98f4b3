"""Simulations that try to break the statements of Chou, Gieshoff, Maly and Rauhut, arXiv:2011.13772."""
