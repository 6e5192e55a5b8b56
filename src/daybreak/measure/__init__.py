"""Measure: questionnaires and their scores, vital signs outside sessions, allergies and medicines.

Each is a fact with who, when and how. A missing answer stays missing, an unknown allergy is not “no
allergies”, and a score carries the definition that gave it. It may never decide about a patient.
"""
