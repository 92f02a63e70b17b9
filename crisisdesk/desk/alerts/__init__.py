"""The Alerts room: the queue, its rows and the alert in detail."""
