"""What can be wrong with the station's file.

StoreError        the file cannot be used as it is; nothing was changed
+-- Damaged       the file, its log or its projections contradict themselves
+-- NewerDatabase it was written by a newer program
+-- ForeignFile   it is some other program's file
+-- InUse         another engine has it
+-- BackupFailed  a copy could not be made or is no good
"""

from __future__ import annotations

from crisisdesk.engine.ports import StoreFailed


class StoreError(StoreFailed):
    """The station's file cannot be used as it is; the message names the remedy."""


class Damaged(StoreError):
    """The file, its log or its projections contradict themselves."""


class NewerDatabase(StoreError):
    """The file was written by a newer program; it was not touched."""


class ForeignFile(StoreError):
    """The file is not a CrisisDesk station; it was not touched."""


class InUse(StoreError):
    """Another engine works on this data folder."""


class BackupFailed(StoreError):
    """A copy could not be made, or one that was made is no good."""
