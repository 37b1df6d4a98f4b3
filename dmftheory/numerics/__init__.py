"""The arithmetics: exact rationals and algebraic numbers, balls, high precision, float64 batches, matrices."""
