"""What R4 and R5 need: an oracle of the alarms, readings made by chance, and faults that are injected."""
