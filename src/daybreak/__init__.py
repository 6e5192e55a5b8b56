"""Daybreak runs a ketamine treatment service for depression and the registry it feeds."""

__version__ = "0.1.0"
