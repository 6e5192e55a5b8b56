"""`python -m bench.one MODULE SIZE`: run one bar and tell its figures, one line of JSON each. `make bench` calls it."""

import importlib
import json
import os
import sys


def main(module: str, size: str) -> None:
    """Tell each figure when it is known. What the bar prints goes to standard error, past the figures."""
    with os.fdopen(os.dup(1), "w", buffering=1) as telling:
        os.dup2(2, 1)
        importlib.import_module("daybreak")  # before a bar loads NumPy: it says with how many threads
        for figure in importlib.import_module(f"bench.bars.{module}").measure(size):
            print(json.dumps(figure.row()), file=telling)


if __name__ == "__main__":
    main(*sys.argv[1:])
