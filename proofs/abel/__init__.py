"""Proofs about the Abel function of gradient descent."""
