"""A JPEG or PNG without what no decoder needs: huge or broken metadata, and whatever follows the first picture."""

from imagelabels_shared.images import jpeg_markers, png_chunks


def essential(data: bytes) -> bytes:
    """Return the file as a decoder should get it; a file of another format unchanged."""
    if data.startswith(b"\xff\xd8"):
        return jpeg_markers.essential(data, jpeg_markers.first_picture(data))
    return png_chunks.essential(data) if data.startswith(png_chunks.SIGNATURE) else data
