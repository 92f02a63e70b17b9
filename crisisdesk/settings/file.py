"""Reading and writing settings.toml, with the CRISISDESK_ environment on top."""

from __future__ import annotations

import difflib
import json
import os
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from tomlkit.exceptions import TOMLKitError

from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.model import Settings

PREFIX = "CRISISDESK_"
# Read elsewhere, before or beside the settings.
FOREIGN = ("DATA_DIR", "TEST_", "BENCH_", "DEMO_", "HUB_ADMIN_")
NESTING = "__"

Location = tuple[str | int, ...]


def load_settings(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from a TOML file (absent: defaults) with ``CRISISDESK_PORT``-like variables on top.

    Parts of a table are reached by two underscores: ``CRISISDESK_DELIVERY__DEADLINE_S``. Lists may
    be written with commas. Raises SettingsError naming file or variable, key, value and remedy.
    """
    data = _read(path)
    variables = _overlay(data, os.environ if environ is None else environ)
    return _validated(data, path, variables)


def save_settings(path: Path, changes: Mapping[str, object]) -> Settings:
    """Change dotted keys (``"delivery.deadline_s"``) of a TOML file, keeping comments and order.

    None takes a key out, so that its default holds again. The whole result is checked before the
    file is replaced in one step (0600, fsynced); on SettingsError the file is as it was.
    Returns the file's settings without environment overrides.
    """
    text = _text(path)
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Correct that line.") from error
    for dotted, value in changes.items():
        _put(document, dotted.split("."), value, path)
    rendered = tomlkit.dumps(document)
    settings = _validated(tomllib.loads(rendered), path, {})
    write_atomically(path, rendered.encode("utf-8"))
    return settings


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}. Make it readable for this user."
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Correct that line.") from error


def _put(table: Any, keys: list[str], value: object, path: Path) -> None:
    for key in keys[:-1]:
        if key not in table:
            if value is None:
                return
            table[key] = tomlkit.table()
        table = table[key]
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: {'.'.join(keys)} cannot be set, {key} is not a table.")
    if value is None:
        table.pop(keys[-1], None)
    else:
        table[keys[-1]] = list(value) if isinstance(value, tuple) else value


def _overlay(data: dict[str, Any], environ: Mapping[str, str]) -> dict[Location, str]:
    """Lay the environment over ``data``; returns which variable set which location."""
    variables: dict[Location, str] = {}
    for variable, raw in sorted(environ.items()):
        name = variable.removeprefix(PREFIX)
        if name == variable or name.startswith(FOREIGN):
            continue
        keys = name.lower().split(NESTING)
        table: Any = data
        for key in keys[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise SettingsError(
                    f"Environment {variable}={raw!r}: {key} is not a table. Unset the variable."
                )
        table[keys[-1]] = _from_text(raw, _annotation(keys))
        variables[tuple(keys)] = variable
    return variables


def _annotation(keys: list[str]) -> Any:
    model: Any = Settings
    for key in keys:
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return None
        found = model.model_fields.get(key)
        model = found.annotation if found else None
    return model


def _from_text(raw: str, annotation: Any) -> Any:
    if annotation is str:
        return raw
    if typing.get_origin(annotation) is tuple and not raw.lstrip().startswith("["):
        return [part.strip() for part in raw.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        return raw


def _validated(data: dict[str, Any], path: Path, variables: Mapping[Location, str]) -> Settings:
    # JSON mode lets the strict models take arrays for tuples and words for enumerations.
    text = json.dumps(data, default=str)
    try:
        return Settings.model_validate_json(text)
    except ValidationError as error:
        lines = [_explained(dict(found), path, variables) for found in error.errors()]
        raise SettingsError("\n".join(lines)) from error


def _explained(found: dict[str, Any], path: Path, variables: Mapping[Location, str]) -> str:
    location: Location = tuple(part for part in found["loc"] if part != "[key]")
    variable = next(
        (name for keys, name in variables.items() if location[: len(keys)] == keys), None
    )
    where = f"Environment {variable}" if variable else str(path)
    key = ".".join(str(part) for part in location)
    if found["type"] == "extra_forbidden":
        return f"{where}: there is no setting {key} (value {_shown(found)}). {_nearest(location)}"
    if found["type"] == "missing":
        return f"{where}: {key} is missing. Add it."
    wanted = found["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    if not key:
        return f"{where}: {wanted}. Correct or remove it."
    return f"{where}: {key} = {_shown(found)} cannot be used: {wanted}. {_remedy(location)}"


def _shown(found: dict[str, Any]) -> str:
    text = json.dumps(found["input"], default=str, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _siblings(location: Location) -> tuple[list[str], type[BaseModel] | None]:
    model: Any = Settings
    for part in location[:-1]:
        if isinstance(model, type) and issubclass(model, BaseModel):
            found = model.model_fields.get(str(part))
            model = found.annotation if found else None
        elif typing.get_origin(model) is dict:
            model = typing.get_args(model)[1]
        else:
            model = None
    if isinstance(model, type) and issubclass(model, BaseModel):
        return list(model.model_fields), model
    return [], None


def _nearest(location: Location) -> str:
    known, _ = _siblings(location)
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    if close:
        return (
            f"Did you mean {'.'.join([*map(str, location[:-1]), close[0]])}? Otherwise remove it."
        )
    return f"Remove it; known here: {', '.join(sorted(known))}."


def _remedy(location: Location) -> str:
    _, model = _siblings(location)
    field = model.model_fields.get(str(location[-1])) if model else None
    if field is None or field.is_required():
        return "Correct it or remove it."
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, tuple):
        default = ", ".join(str(item) for item in default)
    if isinstance(default, (BaseModel, dict)):
        return "Correct it or remove it."
    return f"Correct it, or remove it to use the default ({default})."
