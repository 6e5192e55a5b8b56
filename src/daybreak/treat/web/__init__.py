"""Pages, the device interface and the live stream of the infusion room."""
