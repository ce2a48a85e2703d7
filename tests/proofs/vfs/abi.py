"""SQLite's two tables of a virtual file system as ctypes sees them (https://www.sqlite.org/c3ref/vfs.html)."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Final

OK: Final = 0
FULL: Final = 13
READONLY: Final = 8
CANTOPEN: Final = 14
IOERR_READ, IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_FSTAT = 266, 778, 1034, 1546, 1802
IOERR_DELETE, IOERR_ACCESS, IOERR_LOCK, IOERR_SHMLOCK, IOERR_SHMMAP = 2570, 3338, 3850, 5130, 5386
"""Result codes (https://www.sqlite.org/rescode.html)."""
IOERR: Final = 10
OPEN_CREATE, OPEN_DELETE_ON_CLOSE = 0x4, 0x8
DIRECTORY_SYNCED: Final = 0x800 | 0x4000 | 0x80000
"""Kinds of file (journal, super-journal, log) whose folder goes on disk with their first sync (`os_unix.c`)."""

File = c_void_p
VFS_CALLS: Final = {
    "xOpen": CFUNCTYPE(c_int, c_void_p, c_void_p, File, c_int, POINTER(c_int)),
    "xDelete": CFUNCTYPE(c_int, c_void_p, c_void_p, c_int),
    "xAccess": CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, POINTER(c_int)),
    "xFullPathname": CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_void_p),
}
"""What the shim answers itself; everything else in the table is the real one's."""
FILE_CALLS: Final = {
    "xClose": CFUNCTYPE(c_int, File),
    "xRead": CFUNCTYPE(c_int, File, c_void_p, c_int, c_int64),
    "xWrite": CFUNCTYPE(c_int, File, c_void_p, c_int, c_int64),
    "xTruncate": CFUNCTYPE(c_int, File, c_int64),
    "xSync": CFUNCTYPE(c_int, File, c_int),
    "xFileSize": CFUNCTYPE(c_int, File, POINTER(c_int64)),
    "xLock": CFUNCTYPE(c_int, File, c_int),
    "xUnlock": CFUNCTYPE(c_int, File, c_int),
    "xCheckReservedLock": CFUNCTYPE(c_int, File, POINTER(c_int)),
    "xFileControl": CFUNCTYPE(c_int, File, c_int, c_void_p),
    "xSectorSize": CFUNCTYPE(c_int, File),
    "xDeviceCharacteristics": CFUNCTYPE(c_int, File),
    "xShmMap": CFUNCTYPE(c_int, File, c_int, c_int, c_int, POINTER(c_void_p)),
    "xShmLock": CFUNCTYPE(c_int, File, c_int, c_int, c_int),
    "xShmBarrier": CFUNCTYPE(None, File),
    "xShmUnmap": CFUNCTYPE(c_int, File, c_int),
}


class Vfs(Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        *((name, c_void_p) for name in VFS_CALLS),
        *((f"x{number}", c_void_p) for number in range(12)),
    ]


class Methods(Structure):
    """`sqlite3_io_methods`, version 2: without memory mapping, which SQLCipher does not use."""

    _fields_ = [("iVersion", c_int), *((name, c_void_p) for name in FILE_CALLS)]


class Head(Structure):
    """What stands before the real file in ours: the methods, as SQLite wants them first, and a number."""

    _fields_ = [("methods", c_void_p), ("number", c_int64)]


def library() -> ctypes.CDLL:
    """The SQLite that the store uses: it is linked into the extension module, which exports it."""
    import sqlcipher3

    (path,) = Path(sqlcipher3.__file__).parent.glob("_sqlite3*.so")
    loaded = ctypes.CDLL(str(path))
    loaded.sqlite3_vfs_find.restype = c_void_p
    loaded.sqlite3_vfs_find.argtypes = [c_char_p]
    loaded.sqlite3_vfs_register.restype = c_int
    loaded.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
    return loaded
