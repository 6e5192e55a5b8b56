"""Reads FHIR R4: Bundles and NDJSON, plain, gzipped or zipped, from a file or a folder.

The way of a resource: `sources` (files and archives) → `documents` (Bundles and lines) → `reader` (identity,
duplicates, references) → one module per type (`patient`, `condition`, `allergy`, `medicine`, `observation`,
`answers`) → `records` → `intake`, which hands them to the rooms through `Doors`. All of it is pure but for
reading the files.
"""
