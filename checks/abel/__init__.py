"""Checks of the statements about the Abel function of gradient descent."""
