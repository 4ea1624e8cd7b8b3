"""A module for `portal.confined` to run: tells what its process may see and use."""

import os
import resource
import sys


def main() -> None:
    memory, seconds = (resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU))
    sys.stdout.write(f"{dict(os.environ)}|{memory}|{seconds}")
