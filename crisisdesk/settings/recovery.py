"""What the automatic steps of procedures may touch from this station: what is named."""

from __future__ import annotations

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_HASH = re.compile(r"[0-9a-fA-F]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PASSWORD = re.compile(r"(?i)(\bpassword\s*=|://[^/@\s]*:[^/@\s]*@|[?&]password=)")

Text = Annotated[str, Field(min_length=1, max_length=1_000)]


class RecoverySettings(BaseModel):
    """``commands`` maps the absolute paths of programs to the SHA-256 of their file: another file
    at that place is not run. ``urls`` are beginnings of addresses that may be called.
    ``databases`` maps names to Postgres addresses without passwords; these lie with the secrets.
    ``promotable`` names those of them that a step may promote. Dumps beneath the folders
    ``backups`` are restored into a scratch server of the programs in the folder ``postgres``;
    it keeps its files beneath ``scratch``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    commands: Annotated[dict[str, str], Field(max_length=200)] = Field(default_factory=dict)
    urls: Annotated[tuple[Text, ...], Field(max_length=200)] = ()
    databases: Annotated[dict[str, Text], Field(max_length=50)] = Field(default_factory=dict)

    promotable: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    backups: Annotated[tuple[Text, ...], Field(max_length=50)] = ()
    postgres: Annotated[str, Field(max_length=1_000)] = ""
    scratch: Annotated[str, Field(max_length=500)] = ""

    @field_validator("backups")
    @classmethod
    def _are_folders(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for path in value:
            if not path.startswith("/") or ".." in path.split("/") or not path.strip("/"):
                raise ValueError(f"{path[:200]!r} is no absolute path of a folder of backups")
        return value

    @field_validator("postgres", "scratch")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        if value and (not value.startswith("/") or ".." in value.split("/")):
            raise ValueError(f"{value[:200]!r} is no absolute path of a folder")
        return value

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        for name in self.promotable:
            if name not in self.databases:
                raise ValueError(f"promotable: {name[:60]!r} is not under recovery.databases")
        return self

    @field_validator("commands")
    @classmethod
    def _are_files(cls, value: dict[str, str]) -> dict[str, str]:
        for path, digest in value.items():
            if not path.startswith("/") or ".." in path.split("/") or not path.isprintable():
                raise ValueError(f"{path[:200]!r} is no absolute path of a program")
            if not _HASH.fullmatch(digest):
                raise ValueError(f"{path}: write its SHA-256; `procedure allow {path}` tells it")
        return value

    @field_validator("urls")
    @classmethod
    def _can_be_called(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            try:
                parts = urlsplit(url)
                named = bool(parts.hostname) and parts.port != 0
            except ValueError:
                named = False
            if not named or urlsplit(url).scheme not in ("http", "https"):
                raise ValueError(f"{url[:200]!r} is written as https://host/path")
            if parts.username is not None or parts.query or parts.fragment or " " in url:
                raise ValueError(f"{url[:200]!r}: leave out users and what is behind ? or #")
        return value

    @field_validator("databases")
    @classmethod
    def _without_passwords(cls, value: dict[str, str]) -> dict[str, str]:
        for name, address in value.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name[:60]!r} is no name of letters, digits, dots and dashes")
            if _PASSWORD.search(address):
                raise ValueError(f"{name}: leave the password out; `procedure secret` keeps it")
        return value
