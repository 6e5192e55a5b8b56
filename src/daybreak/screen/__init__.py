"""Screen: referral, diagnosis, treatment history, findings, and whether a patient may be treated, criterion
by criterion.

The protocol says what is required, a named clinician decides what is done. It may never take an unknown for a
yes, and never decide by itself.
"""
