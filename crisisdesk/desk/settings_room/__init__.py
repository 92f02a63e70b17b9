"""The Settings room: station, people, intake addresses and the desk itself."""
