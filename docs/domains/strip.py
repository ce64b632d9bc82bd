"""Lay the pictures of all domains side by side into all.png, each under its name."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parent
OUT = FOLDER / "all.png"
SCENE = (0, 110, 640, 470)
"""What is kept of a picture: left, top, right, bottom; the atoms are left out."""
WIDTH, HEIGHT, NAME = 336, 186, 24
COLUMNS = 3


def main() -> None:
    """Write the strip."""
    files = sorted(file for file in FOLDER.glob("*.png") if file != OUT)
    rows = -(-len(files) // COLUMNS)
    strip = Image.new("RGB", (COLUMNS * WIDTH, rows * (HEIGHT + NAME)), "white")
    draw, font = ImageDraw.Draw(strip), ImageFont.load_default(14)
    for i, file in enumerate(files):
        x, y = i % COLUMNS * WIDTH, i // COLUMNS * (HEIGHT + NAME)
        scene = Image.open(file).crop(SCENE).resize((WIDTH - 6, HEIGHT))
        strip.paste(scene, (x, y))
        draw.text((x + 6, y + HEIGHT + 3), file.stem, fill="#222222", font=font)
    strip.quantize(128).save(OUT, optimize=True)


if __name__ == "__main__":
    main()
