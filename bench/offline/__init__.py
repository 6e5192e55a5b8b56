"""Three devices and two nurses at one chair: the outbox of the pages under node, against the server's own action."""
