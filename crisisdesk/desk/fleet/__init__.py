"""Where this station stands: hub, duty, durability and the other stations, as the desk shows it."""
