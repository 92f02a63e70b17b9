"""The incidents room: the list, one incident with its ladder and timeline, and declaring."""
