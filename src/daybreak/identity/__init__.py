"""Identity: names, birth dates, contacts. The only tables that hold them, encrypted, under a key per person.

Every look at a name is recorded by this door. Deleting a person's key forgets the person, in backups and audit too.
It never knows
a clinical word, and evidence, learn, register, watch and study never import it.
"""
