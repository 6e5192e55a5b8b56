"""The ledger: what happened to every table that holds a fact or a name, by whom, when, why.

The database writes the entries itself, by trigger, whatever the path of a change. A sealer chains what is committed;
signed
checkpoints are kept elsewhere. The ledger never updates or deletes an entry, and nobody reads it to decide anything.

Here too stand the form of a fact (`Fact`), the one way to store facts (`record`) and the guards of every table
(`guards`):
row-level security, grants, append-only and audit triggers, composite foreign keys, all derived from what a model
declares.
"""
