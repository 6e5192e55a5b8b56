"""Decisions of the infusion room: facts in, answer and reason out. No database, no clock, no request."""
