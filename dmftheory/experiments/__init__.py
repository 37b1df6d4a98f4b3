"""Runs on whole matrices, in double precision, beside the exact theory of diagonal ones: observed, compared, never certified."""
