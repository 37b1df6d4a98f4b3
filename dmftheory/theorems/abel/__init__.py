"""Our own theory of the discrete step count: the Abel function of gradient descent."""
