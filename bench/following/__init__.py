"""Patients with random behaviour for a year, and an independent opinion on each of them."""
