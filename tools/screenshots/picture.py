"""Compare pictures as eyes do."""

import io

from PIL import Image, ImageChops

# Chromium draws rounded corners with up to 3 levels of difference between two runs.
NOISE = 8


def same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    if not one or not other:
        return False
    images = [Image.open(io.BytesIO(data)).convert("RGB") for data in (one, other)]
    if images[0].size != images[1].size:
        return False
    extrema = ImageChops.difference(*images).getextrema()
    return max(high for _low, high in extrema) <= NOISE
