"""The rulebook reads definitions (protocols, instruments, consents, measures, code lists) and evaluates
them.

It is pure: files and facts in, answers with their reasons out. It may never touch the database, the
clock or a request, never guess a missing fact, and never hold a clinical number in code. Data chooses,
code means: a new kind of rule is code, tests and review; a new drug, scale or consent is a file.
"""
