"""Config: settings, addresses, the command line, the database's life. The only place where rooms are plugged in."""
