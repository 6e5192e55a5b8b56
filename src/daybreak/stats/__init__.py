"""Estimators: sufficient statistics in (counts, event tables), frozen results with their uncertainty out.

It never sees a row, a database or a definition, and never answers with a silent NaN: what cannot be estimated
is None.
"""
