"""`python -m portal` is the console script `portal`."""

from portal.cli import main

main()
