"""The gallery's page."""
