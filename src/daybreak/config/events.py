"""What happens after what: an event is a queued job in the transaction of its fact; this table says who listens."""
