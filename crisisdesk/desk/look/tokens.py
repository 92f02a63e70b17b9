"""The visual tokens as typed, frozen values; the one reader of ``resources/look/tokens.json``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from crisisdesk.settings.places import resource_path

if TYPE_CHECKING:
    from collections.abc import Mapping

ThemeName = Literal["dark", "light", "contrast"]
DensityName = Literal["compact", "comfortable"]

THEMES: tuple[ThemeName, ...] = ("dark", "light", "contrast")


# NamedTuples here and in the view models: a frozen slotted dataclass costs six times as much to
# define, and these modules stand between the operator and the first window.
class TypeStep(NamedTuple):
    """One step of the type scale; pixels at 100 %, weight 400-700."""

    px: int
    line: int
    weight: int


class Shape(NamedTuple):
    """How one severity is drawn and named; paths are SVG path data in a 16 px box."""

    rank: int
    word: str
    long: str
    path: str
    cut: str


class Density(NamedTuple):
    """Row and control heights in pixels at 100 %."""

    row: int
    group_row: int
    band_head: int
    control: int
    form_row: int
    timeline_gap: int
    cell_pad_x: int
    font: int


class Tokens(NamedTuple):
    """Everything tokens.json says, flattened.

    ``colors[theme]["surface.window"]`` is ``#RRGGBB`` or ``#RRGGBBAA``; ``icons["rooms.alerts"]``
    is a file name without suffix; ``motion`` is in milliseconds.
    """

    colors: Mapping[str, Mapping[str, str]]
    series: Mapping[str, tuple[str, ...]]
    scale: Mapping[str, TypeStep]
    shapes: Mapping[str, Shape]
    densities: Mapping[str, Density]
    icons: Mapping[str, str]
    motion: Mapping[str, int]
    zooms: tuple[int, ...]
    ui_families: tuple[str, ...]
    mono_families: tuple[str, ...]


class TokensError(ValueError):
    """tokens.json lacks something or holds a value that cannot be used."""


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{key}."))
        elif isinstance(value, str):
            flat[prefix + key] = value
    return flat


def _families(first: str, rest: str) -> tuple[str, ...]:
    return (first, *(name.strip() for name in rest.split(",")))


def parse_tokens(text: str) -> Tokens:
    """Read the JSON text of the tokens; raises TokensError naming what is missing or wrong."""
    try:
        raw: dict[str, Any] = json.loads(text)
        kinds = raw["type"]
        return Tokens(
            colors=MappingProxyType({name: _flatten(raw["color"][name]) for name in THEMES}),
            series=MappingProxyType(
                {name: tuple(raw["color"][name]["chart"]["series"]) for name in THEMES}
            ),
            scale=MappingProxyType(
                {
                    name: TypeStep(px=step["px"], line=step["line"], weight=step["weight"])
                    for name, step in kinds["scale"].items()
                }
            ),
            shapes=MappingProxyType(
                {
                    name: Shape(
                        rank=shape["rank"],
                        word=shape["word"],
                        long=shape["long"],
                        path=shape["path16"],
                        cut=shape.get("cut16", ""),
                    )
                    for name, shape in raw["severityShape"].items()
                    if not name.startswith("$")
                }
            ),
            densities=MappingProxyType(
                {
                    name: Density(
                        row=box["row"],
                        group_row=box["groupRow"],
                        band_head=box["bandHead"],
                        control=box["control"],
                        form_row=box["formRow"],
                        timeline_gap=box["timelineGap"],
                        cell_pad_x=box["cellPadX"],
                        font=box["font"],
                    )
                    for name, box in raw["density"].items()
                }
            ),
            icons=MappingProxyType(_flatten(raw["icon"])),
            motion=MappingProxyType(
                {name: ms for name, ms in raw["motion"].items() if isinstance(ms, int)}
            ),
            zooms=tuple(kinds["zoom"]),
            ui_families=_families(kinds["families"]["ui"], kinds["families"]["fallbackUi"]),
            mono_families=_families(kinds["families"]["mono"], kinds["families"]["fallbackMono"]),
        )
    except KeyError as error:
        raise TokensError(f"tokens.json has no {error}; restore it from the release.") from error
    except (TypeError, ValueError) as error:
        raise TokensError(f"tokens.json cannot be read: {error}.") from error


@cache
def load_tokens(path: Path | None = None) -> Tokens:
    """The shipped tokens, or those of another file; read once."""
    return parse_tokens((path or resource_path("look", "tokens.json")).read_text(encoding="utf-8"))
