"""Rows that leave the house: by a named profile, under keys of their own, asked for and approved by people."""
