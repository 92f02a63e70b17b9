"""The Health room: what the station measured, as charts."""
