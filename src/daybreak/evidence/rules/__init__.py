"""What follows from published numbers: concentrations of virtual people, and effects pooled."""
