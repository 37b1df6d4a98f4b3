"""The old place of `dmftheory.claims.proof`."""

from dmftheory.claims.proof import *  # noqa: F403
