"""Reads a store, written from docs/design.md alone: prints every entry as a line of JSON.

    reader.py FILE

Each line is [bucket, key, value], with the key and the value in base64. Before them, for a bucket with codecs that have a
text, comes [bucket, text of the key codec, name of the value codec as JSON]. Every page is checked.
"""
import base64
import json
import struct
import sys

TABLE = []
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    TABLE.append(crc)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283

FILE = open(sys.argv[1], "rb").read()


def metas():
    """The valid records, newest first."""
    found = []
    for page_bytes in (4096, 8192, 16384, 32768, 65536):
        for slot in (0, 1):
            for half in (0, page_bytes // 2):
                record = FILE[slot * page_bytes + half:][:128]
                if len(record) < 128 or record[:8] != b"mtstore1":
                    continue
                version, size = struct.unpack_from("<II", record, 8)
                commit, pages, catalog, space, levels = struct.unpack_from("<QIIII", record, 24)
                used, = struct.unpack_from("<I", record, 56)
                crc, = struct.unpack_from("<I", record, 124)
                if version == 1 and size == page_bytes and crc == crc32c(record[:124]):
                    found.append((commit, page_bytes, pages, catalog, space, levels, used))
    return sorted(found, reverse=True)


COMMIT, P, PAGES, CATALOG, MAP, LEVELS, USED = metas()[0]
seen = {0, 1}


def page(number, *kinds):
    assert 2 <= number < PAGES and number not in seen, number
    seen.add(number)
    data = FILE[number * P:(number + 1) * P]
    crc, own, commit, kind = struct.unpack_from("<IIQB", data)
    assert crc == crc32c(data[4:]) and own == number and commit <= COMMIT and kind in kinds, number
    return data


def chain(first, length):
    parts = []
    while first:
        data = page(first, 3)
        run, following = struct.unpack_from("<I4xI", data, 20)
        parts.append(data[32:])
        parts.extend(page(first + i, 3)[32:] for i in range(1, run))
        first = following
    joined = b"".join(parts)
    assert len(joined) - (P - 32) < length <= len(joined) and not any(joined[length:])
    return joined[:length]


def tree(root):
    """The entries of a tree, in order."""
    data = page(root, 1, 2)
    kind, level, count, content, loose, link = struct.unpack_from("<BBHIII", data, 16)
    slots = struct.unpack_from(f"<{count}H", data, 32)
    if kind == 2:
        yield from tree(link)
    for at in slots:
        assert content <= at < P
        child = 0
        if kind == 2:
            child, word = struct.unpack_from("<IH", data, at)
            at += 6
            value_word = 0
        else:
            word, value_word = struct.unpack_from("<HH", data, at)
            at += 4
        rest = far = None
        if word & 0x8000:
            rest = struct.unpack_from("<II", data, at)
            at += 8
        if value_word & 0x8000:
            far = struct.unpack_from("<II", data, at)
            at += 8
        key = data[at:at + (word & 0x7FFF)]
        at += len(key)
        if rest:
            key += chain(rest[1], rest[0] - len(key))
        if kind == 2:
            yield from tree(child)
            continue
        value = data[at:at + (value_word & 0x7FFF)]
        yield key, chain(far[1], far[0]) if far else value


def space(number, level):
    """The used pages that the map tells of, below a page of it."""
    data = page(number, 5 if level else 4)
    if level == 0:
        bits = data[32:]
        return {8 * i + bit for i, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1}
    part = 8 * (P - 32) * ((P - 32) // 4) ** (level - 1)
    used = set()
    for i, child in enumerate(struct.unpack_from(f"<{(P - 32) // 4}I", data, 32)):
        if child:
            used |= {i * part + one for one in space(child, level - 1)}
    return used


if CATALOG:
    for name, record in list(tree(CATALOG)):
        root, key_kind, value_kind, key_text, size = struct.unpack_from("<IBBHQ", record)
        key_text, value_text = record[24:24 + key_text].decode(), record[24 + key_text:].decode()
        assert key_kind in range(1, 6) and value_kind in range(16, 22)
        assert bool(key_text) == (key_kind == 5) and (value_kind == 19 or not value_text)
        assert not value_text or isinstance(json.loads(value_text), str)
        if key_text or value_text:
            print(json.dumps([name.decode(), key_text, value_text]))
        entries = list(tree(root)) if root else []
        assert len(entries) == size and entries == sorted(entries, key=lambda entry: entry[0])
        for key, value in entries:
            print(json.dumps([name.decode(), base64.b64encode(key).decode(), base64.b64encode(value).decode()]))
if MAP:
    assert space(MAP, LEVELS) == seen and len(seen) == USED
