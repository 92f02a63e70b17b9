"""What is read of an image before anybody decodes it, and what is left of it."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import (
    IMAGE_BYTES,
    SOURCE_BYTES,
    bare_image,
    check_source,
    read_header,
)

from tests.domain.image_bytes import chunk, gif, jpeg, png, segment, webp

SECRET = b"50.0755N 14.4378E"


def test_the_size_is_read_from_the_header_of_each_format() -> None:
    made = {"png": png(7, 5), "jpeg": jpeg(7, 5), "gif": gif(7, 5), "webp": webp(7, 5)}
    for kind, data in made.items():
        header = read_header(data)
        assert (header.kind, header.width, header.height) == (kind, 7, 5)
    lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (6 | 4 << 14).to_bytes(4, "little") + bytes(9)
    assert (read_header(lossless).width, read_header(lossless).height) == (7, 5)
    lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x07\0\x05\0" + bytes(9)
    assert (read_header(lossy).width, read_header(lossy).height) == (7, 5)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"\x89PNG\r\n\x1a\n",
        gif(0, 4),
        gif(1, 1)[:9],
        b"RIFF\0\0\0\0WEBP",
        jpeg()[:-2],
        jpeg(0, 4),
    ],
)
def test_what_is_no_image_or_a_broken_one_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        check_source(data)
    assert refused.value.field == "image"
    assert refused.value.remedy


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    # 200 bytes that claim 3.6 thousand million pixels.
    with pytest.raises(Malformed, match="60000 x 60000 pixels"):
        check_source(
            png(4, 3).replace(bytes([0, 0, 0, 4, 0, 0, 0, 3]), bytes([0, 0, 0xEA, 0x60] * 2))
        )
    with pytest.raises(Malformed, match="33 MiB"):
        check_source(png() + bytes(SOURCE_BYTES + 1_000_000))
    with pytest.raises(Malformed, match=r"5000 x 1 pixels.*scale it down"):
        bare_image(png(5_000, 1))


def test_only_the_picture_is_left_and_that_is_left_as_it_is() -> None:
    hidden = chunk(b"tEXt", SECRET) + chunk(b"eXIf", SECRET) + chunk(b"acTL", bytes(8))
    told = bare_image(png(more=hidden) + SECRET)
    assert told.data == png()
    assert (told.media, told.width, told.height) == ("image/png", 4, 3)
    hidden = segment(0xE1, b"Exif\0\0" + SECRET) + segment(0xE0, SECRET) + segment(0xFE, SECRET)
    told = bare_image(jpeg(more=hidden) + SECRET)
    assert told.data == jpeg()
    assert (told.media, told.width, told.height) == ("image/jpeg", 4, 3)
    # Adobe's word on colours is needed to draw it right.
    kept = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
    assert kept in bare_image(jpeg(more=kept)).data


def test_what_is_cut_off_changed_or_too_large_is_not_kept() -> None:
    whole = png(60, 60)
    broken = [whole[:-4], whole.replace(b"IDAT", b"XDAT"), whole[:40] + b"\x01" + whole[41:]]
    broken += [jpeg(end=b""), jpeg()[:30], jpeg().replace(b"\xff\xc0", b"\xff\xc3")]
    for data in broken:
        with pytest.raises(Malformed, match="broken"):
            bare_image(data)
    with pytest.raises(Malformed, match="is GIF; send PNG or JPEG"):
        bare_image(gif(4, 4))
    large = png(more=b"")[:-12] + chunk(b"IDAT", bytes(IMAGE_BYTES)) + chunk(b"IEND", b"")
    with pytest.raises(Malformed, match=r"512 KiB.*a desk does so"):
        bare_image(large)


def test_many_tiny_pieces_end_soon() -> None:
    with pytest.raises(Malformed, match="broken"):
        bare_image(png(more=chunk(b"teXt", b"") * 3_000))
    with pytest.raises(Malformed, match="broken"):
        bare_image(jpeg(more=segment(0xFE, b"") * 3_000))
