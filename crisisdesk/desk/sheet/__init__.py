"""The emergency contact sheet and the papers of an incident, as PDF."""
