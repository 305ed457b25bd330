"""The files of an upload: lists as they are, or packed in a zip as UNECE ships them.

A packed list of 10 MB has 1 to 2 MB. What unpacks to far more is an attack or a
mistake, and is refused while it unpacks: the sizes in a zip's directory may lie.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

from .errors import UnlocodeError

LIST_ENDINGS = (".csv", ".txt")
MAX_MEMBERS = 50
MAX_BYTES = 150_000_000
MAX_RATIO = 200
CHUNK = 1 << 16


def read_files(
    files: Iterable[tuple[str, bytes]], max_bytes: int = MAX_BYTES
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of every list, opening zips on the way.

    The limit is for all files together. A zip in a zip is not opened.
    """
    left = max_bytes
    for name, content in files:
        if content[:4] == b"PK\x03\x04":
            members: Iterable[tuple[str, bytes]] = _members(name, content, left)
        else:
            members = [(name, content)]
        for member, data in members:
            left -= len(data)
            if left < 0:
                raise UnlocodeError("too_large", file=name)
            yield member, data


def _members(name: str, content: bytes, left: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MAX_MEMBERS:
                raise UnlocodeError("too_many_files", file=name, limit=MAX_MEMBERS)
            lists = [
                info for info in infos if info.filename.lower().endswith(LIST_ENDINGS)
            ]
            if not lists:
                raise UnlocodeError("no_list", file=name)
            # the parts in their order, whatever the order in the zip
            for info in sorted(lists, key=lambda info: info.filename):
                limit = min(left, max(info.compress_size, CHUNK) * MAX_RATIO)
                data = _unpack(archive, info, limit, name)
                left -= len(data)
                yield info.filename.rpartition("/")[2], data
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        # a broken zip, an unknown compression, a password
        raise UnlocodeError("bad_zip", file=name) from error


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, name: str
) -> bytes:
    chunks = []
    size = 0
    with archive.open(info) as member:
        while chunk := member.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise UnlocodeError("too_large", file=name)
            chunks.append(chunk)
    return b"".join(chunks)
