"""What the bytes of an image say of themselves, and the bare image that is kept of them.

Only headers are read here, nothing is decoded: a file of some bytes that claims a thousand million
pixels is refused before anybody makes room for them. What is kept is PNG or JPEG with nothing in it
but the image: places, cameras, comments, previews and whatever was hung on behind it go.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass

from crisisdesk.domain.errors import Malformed

# What is kept of one image. A request with it in base64 stays below the door's 1 MiB.
IMAGE_BYTES = 512 * 1024
IMAGE_SIDE = 4_096
IMAGE_PIXELS = 8_000_000
# What a desk reads to make an image of that size of it.
SOURCE_BYTES = 32 * 1024 * 1024
SOURCE_PIXELS = 60_000_000
_PIECES = 2_000
_PNG = b"\x89PNG\r\n\x1a\n"
_FORMATS = "PNG, JPEG, WebP and GIF are taken"
KEPT_MEDIA = {"png": "image/png", "jpeg": "image/jpeg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """``kind`` is png, jpeg, webp or gif; sizes are pixels as they are stored in the file."""

    kind: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFile:
    """A bare image that may be kept; ``media`` is its media type."""

    media: str
    width: int
    height: int
    data: bytes


def read_header(data: bytes) -> Header:
    """Format and size by the first bytes, whatever the name says; raises Malformed (image)."""
    if data.startswith(_PNG):
        if len(data) < 33 or data[12:16] != b"IHDR":
            raise _broken("PNG")
        return _sized("png", *struct.unpack(">II", data[16:24]))
    if data.startswith(b"\xff\xd8\xff"):
        return _sized("jpeg", *_bare_jpeg(data)[1:])
    if data[:6] in (b"GIF87a", b"GIF89a"):
        if len(data) < 13:
            raise _broken("GIF")
        return _sized("gif", *struct.unpack("<HH", data[6:10]))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _sized("webp", *_webp_size(data))
    raise Malformed("image", "is none of the formats that are taken", _FORMATS)


def check_source(data: bytes) -> Header:
    """The header of what a desk is to make an image of; raises Malformed (image)."""
    if len(data) > SOURCE_BYTES:
        words = f"has {_mib(len(data))}"
        raise Malformed("image", words, f"give one of at most {_mib(SOURCE_BYTES)}")
    header = read_header(data)
    if header.width * header.height > SOURCE_PIXELS:
        words = f"says it has {header.width} x {header.height} pixels"
        raise Malformed("image", words, f"give one of at most {SOURCE_PIXELS // 10**6} megapixels")
    return header


def bare_image(data: bytes) -> ImageFile:
    """The image as it is kept; the same again where it is bare already.

    Raises Malformed (image) for what is broken, too large, or neither PNG nor JPEG.
    """
    if data.startswith(_PNG):
        kind, (bare, width, height) = "png", _bare_png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        kind, (bare, width, height) = "jpeg", _bare_jpeg(data)
    else:
        kind = read_header(data).kind
        raise Malformed("image", f"is {kind.upper()}", "send PNG or JPEG; a desk takes it as it is")
    _sized(kind, width, height)
    if max(width, height) > IMAGE_SIDE or width * height > IMAGE_PIXELS:
        most = f"at most {IMAGE_SIDE} pixels wide and high, {IMAGE_PIXELS // 10**6} megapixels"
        raise Malformed("image", f"has {width} x {height} pixels", f"scale it down: {most}")
    if len(bare) > IMAGE_BYTES:
        remedy = f"scale it down: at most {IMAGE_BYTES // 1024} KiB; a desk does so by itself"
        raise Malformed("image", f"has {len(bare) // 1024} KiB", remedy)
    return ImageFile(media=KEPT_MEDIA[kind], width=width, height=height, data=bare)


def _sized(kind: str, width: int, height: int) -> Header:
    if not width or not height:
        raise _broken(kind.upper())
    return Header(kind=kind, width=width, height=height)


def _broken(kind: str) -> Malformed:
    return Malformed("image", f"is a broken {kind}", "open it in a program and save it anew")


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MiB"


# ------------------------------------------------------------------------------------------ PNG

_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def _bare_png(data: bytes) -> tuple[bytes, int, int]:
    """The chunks that make the image; of a moving one the first."""
    parts, at, seen = [_PNG], len(_PNG), set[bytes]()
    for number in range(_PIECES):
        if at + 12 > len(data):
            raise _broken("PNG")
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data) or (name == b"IHDR") != (number == 0) or (not number and length != 13):
            raise _broken("PNG")
        if name in _PNG_KEPT:
            told = struct.unpack(">I", data[end - 4 : end])[0]
            if zlib.crc32(data[at + 4 : end - 4]) != told:
                raise _broken("PNG")
            parts.append(data[at:end])
            seen.add(name)
        at = end
        if name == b"IEND":
            if b"IDAT" not in seen:
                break
            return b"".join(parts), *struct.unpack(">II", data[16:24])
    raise _broken("PNG")


# ----------------------------------------------------------------------------------------- JPEG

# Sizes, tables, scans, and Adobe's word on how colours are meant.
_SIZES = (0xC0, 0xC1, 0xC2)
_JPEG_KEPT = (*_SIZES, 0xC4, 0xDB, 0xDD, 0xDA, 0xEE)
_SCAN, _END = 0xDA, 0xD9
# In a scan a marker is what follows FF and is neither a stuffed 00 nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


def _bare_jpeg(data: bytes) -> tuple[bytes, int, int]:
    """The segments that make the image, up to its end."""
    parts, at, width, height = [b"\xff\xd8"], 2, 0, 0
    for _ in range(_PIECES):
        marker, begin, end = _segment(data, at)
        if marker == _END:
            if not width or _SCAN not in (part[1] for part in parts):
                break
            return b"".join([*parts, b"\xff\xd9"]), width, height
        if marker in _SIZES:
            if width or end - begin < 8:
                break
            height, width = struct.unpack(">HH", data[begin + 3 : begin + 7])
        if marker in _JPEG_KEPT:
            parts.append(bytes((0xFF, marker)) + data[begin:end])
        at = end
    raise _broken("JPEG")


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """The marker there, and where what belongs to it begins and ends."""
    found = _MARKER.match(data, at)
    if found is None:
        raise _broken("JPEG")
    marker, begin = found[0][-1], found.end()
    if marker == _END:
        return marker, begin, begin
    length = int.from_bytes(data[begin : begin + 2], "big")
    end = begin + length
    if length < 2 or end > len(data):
        raise _broken("JPEG")
    if marker == _SCAN:
        after = _MARKER.search(data, end)
        if after is None:
            raise _broken("JPEG")
        end = after.start()
    return marker, begin, end


# ----------------------------------------------------------------------------------------- WebP


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if len(data) < 30:
        raise _broken("WebP")
    if kind == b"VP8X":
        return _three(data[24:27]) + 1, _three(data[27:30]) + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise _broken("WebP")


def _three(data: bytes) -> int:
    return int.from_bytes(data, "little")
