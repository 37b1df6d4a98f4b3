"""The simulations that try to break the statements.

`checks/<source>/<topic>.py` holds a dictionary CHECKS, statement id -> check, for the statements of `dmftheory/theorems/<source>/<topic>.py`.
"""
