"""The station without a screen: what the desk does, as words on a command line."""
