"""Every read of the infusion room. Each takes the scope and names the site beside row-level security."""
