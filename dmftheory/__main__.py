"""`python -m dmftheory` is the command `dmftheory`."""

import sys

from dmftheory.cli import main

if __name__ == "__main__":
    sys.exit(main())
