"""Harm watched from week to week: counts of the calendar in, charts and signals out. Pure; the same code is tried on
simulated registers.
"""
