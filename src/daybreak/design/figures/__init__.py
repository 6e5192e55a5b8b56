"""Figures in the one style of the product: drawn on the server, the same bytes for the same numbers."""
