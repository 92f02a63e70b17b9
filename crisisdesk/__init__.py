"""CrisisDesk: the command post that stays open when everything else is down."""

__version__ = "0.1.0"
