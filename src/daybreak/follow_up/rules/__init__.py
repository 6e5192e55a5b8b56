"""Decisions of follow-up: facts in, answer and reason out."""
