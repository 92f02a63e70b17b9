"""The exchange: what one station and the hub (or another station) tell each other."""
