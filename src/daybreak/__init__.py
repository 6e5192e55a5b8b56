"""Daybreak runs a ketamine treatment service for depression and the registry it feeds."""

import os

__version__ = "0.1.0"

# The estimators' matrices are small, and threads that wait for each other over them cost five times the work. It counts
# only if it is said before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
