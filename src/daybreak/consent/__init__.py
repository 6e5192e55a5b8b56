"""Consent: what was shown, who agreed to what, when and in which words, and its withdrawal.

A signature is bound to the exact text that was shown. It may never delete, and never let a member of staff
answer for a patient: the patient signs on a device that was handed over and that only a PIN takes back.
"""
