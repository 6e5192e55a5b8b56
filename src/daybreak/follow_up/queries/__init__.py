"""Every read of follow-up."""
