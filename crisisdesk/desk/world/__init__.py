"""The map of the world with the places of an incident, drawn without any network."""
