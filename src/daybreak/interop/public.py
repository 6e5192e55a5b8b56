"""The door of interop, for the command line: nobody else comes in this way."""

from daybreak.interop.actions import Imported, UnknownSite, import_fhir
from daybreak.interop.fhir.intake import NothingToRead, Summary
from daybreak.interop.fhir.sources import CannotRead
from daybreak.interop.hl7.gateway import Gateway
from daybreak.interop.rooms import DatabaseLost

__all__ = [
    "CannotRead",
    "DatabaseLost",
    "Gateway",
    "Imported",
    "NothingToRead",
    "Summary",
    "UnknownSite",
    "import_fhir",
]
