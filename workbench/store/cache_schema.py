"""The layout of `cache.db`: what the portals hold, one narrow row a conversation for the lists, and the word index."""

from __future__ import annotations

from typing import Final

from sqlcipher3 import dbapi2

from workbench.store.migrations import Step, run_all

HELD: Final = (
    """CREATE TABLE portal (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        me TEXT NOT NULL DEFAULT '', heard INTEGER, person TEXT NOT NULL DEFAULT '', directory TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE TABLE mark (portal INTEGER, stream TEXT, at INTEGER NOT NULL, PRIMARY KEY (portal, stream)) WITHOUT ROWID",
    """CREATE TABLE wanted (
        portal INTEGER, reference TEXT, tried INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (portal, reference)
    ) WITHOUT ROWID""",
    "CREATE INDEX wanted_untried ON wanted (portal, tried)",
    """CREATE TABLE patient (
        portal INTEGER, reference TEXT, version TEXT NOT NULL, updated INTEGER NOT NULL,
        name TEXT NOT NULL, birth TEXT NOT NULL, national TEXT NOT NULL, gender TEXT NOT NULL, language TEXT NOT NULL,
        confidential INTEGER NOT NULL, deceased INTEGER NOT NULL, phone TEXT NOT NULL,
        PRIMARY KEY (portal, reference)
    ) WITHOUT ROWID""",
    """CREATE TABLE party (
        portal INTEGER, reference TEXT, version TEXT NOT NULL, updated INTEGER NOT NULL,
        name TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, patient TEXT NOT NULL, pools TEXT NOT NULL,
        PRIMARY KEY (portal, reference)
    ) WITHOUT ROWID""",
    # A thread without a version is one that others name and that has not been read yet.
    """CREATE TABLE thread (
        id INTEGER PRIMARY KEY, portal INTEGER NOT NULL, ref TEXT NOT NULL,
        version TEXT, updated INTEGER, title TEXT NOT NULL DEFAULT '', internal INTEGER NOT NULL DEFAULT 0,
        patient TEXT NOT NULL DEFAULT '', recipients TEXT NOT NULL DEFAULT '', categories TEXT NOT NULL DEFAULT '',
        about TEXT NOT NULL DEFAULT '', task TEXT NOT NULL DEFAULT '', home INTEGER,
        closed INTEGER NOT NULL DEFAULT 0, retracted INTEGER NOT NULL DEFAULT 0, started INTEGER,
        UNIQUE (portal, ref)
    )""",
    "CREATE INDEX thread_patient ON thread (portal, patient) WHERE patient <> ''",
    "CREATE INDEX thread_task ON thread (portal, task) WHERE task <> ''",
    "CREATE INDEX thread_home ON thread (home) WHERE home IS NOT NULL",
    # side: 0 no message (a note, retracted, a draft), 1 from staff, 2 from the patient's side, 3 a receipt of staff's.
    """CREATE TABLE post (
        id INTEGER PRIMARY KEY, portal INTEGER NOT NULL, ref TEXT NOT NULL,
        version TEXT NOT NULL, updated INTEGER NOT NULL, thread INTEGER NOT NULL,
        sender TEXT NOT NULL, sent INTEGER NOT NULL, side INTEGER NOT NULL, internal INTEGER NOT NULL,
        recipients TEXT NOT NULL, patient TEXT NOT NULL, attachments TEXT NOT NULL, files INTEGER NOT NULL,
        state TEXT NOT NULL, client_id TEXT NOT NULL, unreadable INTEGER NOT NULL, text TEXT NOT NULL,
        UNIQUE (portal, ref)
    )""",
    "CREATE INDEX post_thread ON post (thread, side, sent, id, files)",
    "CREATE INDEX post_client ON post (client_id) WHERE client_id <> ''",
    """CREATE TABLE task (
        id INTEGER PRIMARY KEY, portal INTEGER NOT NULL, ref TEXT NOT NULL,
        version TEXT NOT NULL, updated INTEGER NOT NULL, thread INTEGER NOT NULL,
        state INTEGER NOT NULL, owner TEXT NOT NULL, pool TEXT NOT NULL, priority INTEGER NOT NULL,
        due INTEGER, category TEXT NOT NULL, authored INTEGER,
        UNIQUE (portal, ref)
    )""",
    "CREATE INDEX task_thread ON task (thread)",
    "CREATE TABLE seen (thread INTEGER PRIMARY KEY, sent INTEGER NOT NULL)",
)

LISTS: Final = (
    """CREATE TABLE item (
        id INTEGER PRIMARY KEY, portal INTEGER NOT NULL, ref TEXT NOT NULL, ord INTEGER NOT NULL,
        state INTEGER NOT NULL, whose INTEGER NOT NULL, pool TEXT NOT NULL, owner TEXT NOT NULL,
        priority INTEGER NOT NULL, category TEXT NOT NULL, due INTEGER, latest INTEGER NOT NULL,
        patient TEXT NOT NULL, writer TEXT NOT NULL, from_patient INTEGER NOT NULL, unread INTEGER NOT NULL,
        attachments INTEGER NOT NULL, title TEXT NOT NULL, preview TEXT NOT NULL
    )""",
    "CREATE INDEX item_state ON item (portal, state, whose, ord, id)",
    "CREATE INDEX item_pool ON item (portal, pool, state, whose, ord, id)",
    "CREATE INDEX item_patient ON item (portal, patient)",
    "CREATE INDEX item_owner ON item (portal, owner) WHERE owner <> ''",
    "CREATE INDEX item_writer ON item (portal, writer) WHERE writer <> ''",
    """CREATE TABLE tally (
        portal INTEGER, state INTEGER, whose INTEGER, pool TEXT, n INTEGER NOT NULL,
        PRIMARY KEY (portal, state, whose, pool)
    ) WITHOUT ROWID""",
)

ADD: Final = """INSERT INTO tally VALUES (NEW.portal, NEW.state, NEW.whose, NEW.pool, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;"""
TAKE: Final = """UPDATE tally SET n = n - 1
    WHERE portal = OLD.portal AND state = OLD.state AND whose = OLD.whose AND pool = OLD.pool;"""

TRIGGERS: Final = (
    f"CREATE TRIGGER item_added AFTER INSERT ON item BEGIN {ADD} END",
    f"CREATE TRIGGER item_taken AFTER DELETE ON item BEGIN {TAKE} END",
    f"""CREATE TRIGGER item_moved AFTER UPDATE OF state, whose, pool ON item
        WHEN OLD.state <> NEW.state OR OLD.whose <> NEW.whose OR OLD.pool <> NEW.pool
        BEGIN {TAKE} {ADD} END""",
)

INDEX: Final = "content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 2'"
# Patients' names have an index of their own: one that comes late does not cost reading every message again.
NAMES: Final = f"CREATE VIRTUAL TABLE names USING fts5 (text, {INDEX})"
WORDS: Final = (f"CREATE VIRTUAL TABLE words USING fts5 (text, {INDEX})", NAMES)


def first(cursor: dbapi2.Cursor) -> None:
    """Layout 1."""
    run_all(cursor, HELD + LISTS + TRIGGERS + WORDS)


def second(cursor: dbapi2.Cursor) -> None:
    """Layout 2: who began a conversation. What is held does not say it, so all is read from the portal again."""
    run_all(
        cursor,
        (
            "ALTER TABLE thread ADD COLUMN sender TEXT NOT NULL DEFAULT ''",
            "UPDATE thread SET version = '' WHERE version IS NOT NULL",
            "DELETE FROM mark",
        ),
    )


def third(cursor: dbapi2.Cursor) -> None:
    """Layout 3: where a walk over all that is held goes on."""
    run_all(cursor, ("ALTER TABLE portal ADD COLUMN place TEXT NOT NULL DEFAULT ''",))


COUNTED: Final = "portal, state, whose, pool, category, flagged"
"""What rows are tallied by."""
ADD_ONE: Final = """INSERT INTO tally
    VALUES (NEW.portal, NEW.state, NEW.whose, NEW.pool, NEW.category, NEW.flag <> '', 1)
    ON CONFLICT DO UPDATE SET n = n + 1;"""
TAKE_ONE: Final = """UPDATE tally SET n = n - 1 WHERE portal = OLD.portal AND state = OLD.state AND whose = OLD.whose
    AND pool = OLD.pool AND category = OLD.category AND flagged = (OLD.flag <> '');"""


def fourth(cursor: dbapi2.Cursor) -> None:
    """Layout 4: red flags, types of message, snoozes, and when what is done was done. All is read again for them."""
    run_all(
        cursor,
        (
            "ALTER TABLE post ADD COLUMN flag TEXT",  # NULL until the rules have read it
            "ALTER TABLE post ADD COLUMN flag_words TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE task ADD COLUMN until INTEGER",
            "ALTER TABLE item ADD COLUMN flag TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE item ADD COLUMN flag_words TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE item ADD COLUMN settled INTEGER",
            "ALTER TABLE item ADD COLUMN wakes INTEGER",
            # By which rules what is held was judged, and after which conversation that is to go on.
            "CREATE TABLE site (id INTEGER PRIMARY KEY CHECK (id = 1), told TEXT NOT NULL, next INTEGER)",
            "CREATE INDEX post_sender ON post (portal, sender, thread)",
            "CREATE INDEX item_category ON item (portal, category, state, whose, ord, id)",
            "CREATE INDEX item_flagged ON item (portal, state, whose, ord, id) WHERE flag <> ''",
            "CREATE INDEX item_settled ON item (settled) WHERE settled IS NOT NULL",
            "CREATE INDEX item_wakes ON item (wakes) WHERE wakes IS NOT NULL",
            "DROP TRIGGER item_added",
            "DROP TRIGGER item_taken",
            "DROP TRIGGER item_moved",
            "DROP TABLE tally",
            f"""CREATE TABLE tally (
                portal INTEGER, state INTEGER, whose INTEGER, pool TEXT, category TEXT, flagged INTEGER,
                n INTEGER NOT NULL, PRIMARY KEY ({COUNTED})
            ) WITHOUT ROWID""",
            f"CREATE TRIGGER item_added AFTER INSERT ON item BEGIN {ADD_ONE} END",
            f"CREATE TRIGGER item_taken AFTER DELETE ON item BEGIN {TAKE_ONE} END",
            f"""CREATE TRIGGER item_moved AFTER UPDATE OF state, whose, pool, category, flag ON item
                WHEN OLD.state <> NEW.state OR OLD.whose <> NEW.whose OR OLD.pool <> NEW.pool
                    OR OLD.category <> NEW.category OR (OLD.flag <> '') <> (NEW.flag <> '')
                BEGIN {TAKE_ONE} {ADD_ONE} END""",
            """INSERT INTO tally SELECT portal, state, whose, pool, category, flag <> '', count(*) FROM item
               GROUP BY 1, 2, 3, 4, 5, 6""",
            "UPDATE thread SET version = '' WHERE version IS NOT NULL",
            "UPDATE post SET version = ''",
            "UPDATE task SET version = ''",
            "DELETE FROM mark",
        ),
    )


def fifth(cursor: dbapi2.Cursor) -> None:
    """Layout 5: receipts (side 3). Which of staff's messages are some is not held, so these are read again."""
    run_all(cursor, ("UPDATE post SET version = '' WHERE side = 1", "DELETE FROM mark WHERE stream = 'Communication'"))


ANSWERS: Final = (
    # One a turn of a conversation: since when the patient waited, when they were answered, and when that was due.
    """CREATE TABLE answer (
        thread INTEGER, at INTEGER, asked INTEGER NOT NULL, due INTEGER, PRIMARY KEY (thread, at)
    ) WITHOUT ROWID""",
    "CREATE INDEX answer_at ON answer (at, due)",
    "CREATE INDEX post_theirs ON post (sent, thread) WHERE side = 2",
    "ALTER TABLE item ADD COLUMN asked INTEGER",
    """UPDATE item SET asked = (
        SELECT min(sent) FROM post WHERE thread = item.id AND side = 2 AND sent > coalesce(
            (SELECT max(sent) FROM post WHERE thread = item.id AND side = 1), -1
        )
    )""",
    # What an overview counts of all that is open (5 is done), so that it need not read the rows themselves.
    """CREATE INDEX item_standing ON item (state, whose, pool, category, flag, due, asked, portal) WHERE state <> 5""",
    "CREATE INDEX item_asked ON item (asked) WHERE asked IS NOT NULL",
    # Answers are told from the messages when a site's rules are applied to what is held.
    "DELETE FROM site",
)


def sixth(cursor: dbapi2.Cursor) -> None:
    """Layout 6: since when patients wait, and when they were answered."""
    run_all(cursor, ANSWERS)


def presences(cursor: dbapi2.Cursor) -> None:
    """Layout 7: who is where. What was told of it before this is over."""
    run_all(
        cursor,
        (
            # shown: nobody has noticed yet that it has ended.
            """CREATE TABLE presence (
                portal INTEGER, ref TEXT, version TEXT NOT NULL, updated INTEGER NOT NULL, who TEXT NOT NULL,
                thread TEXT NOT NULL, writing INTEGER NOT NULL, until INTEGER NOT NULL, shown INTEGER NOT NULL,
                PRIMARY KEY (portal, ref)
            ) WITHOUT ROWID""",
        ),
    )


def late_words(cursor: dbapi2.Cursor) -> None:
    """Layout 8: when a post counts as written, and whether a portal has been read to its end once."""
    run_all(
        cursor,
        (
            "ALTER TABLE portal ADD COLUMN caught INTEGER NOT NULL DEFAULT 0",
            "UPDATE portal SET caught = 1 WHERE heard IS NOT NULL",
            # As it says itself, but not after the portal had it; or, where it came to light behind that, when it did.
            "ALTER TABLE post ADD COLUMN at INTEGER NOT NULL DEFAULT 0",
            "UPDATE post SET at = CASE WHEN updated > 0 THEN min(sent, updated) ELSE sent END",
            "DROP INDEX post_thread",
            "CREATE INDEX post_thread ON post (thread, side, at, id, files)",
        ),
    )


def ties(cursor: dbapi2.Cursor) -> None:
    """Layout 9: which conversations are tied together. Tasks that are held do not tell it, so they are read again."""
    run_all(
        cursor,
        (
            """CREATE TABLE tie (
                portal INTEGER, task TEXT, thread INTEGER NOT NULL, kind INTEGER, other TEXT,
                PRIMARY KEY (portal, task, kind, other)
            ) WITHOUT ROWID""",
            "CREATE INDEX tie_thread ON tie (thread)",
            "CREATE INDEX tie_other ON tie (portal, other)",
            "UPDATE task SET version = ''",
            "DELETE FROM mark WHERE stream = 'Task'",
        ),
    )


def standing(cursor: dbapi2.Cursor) -> None:
    """Layout 10: since when a Task has stood as finished, which another change of it does not move."""
    run_all(
        cursor,
        (
            "ALTER TABLE task ADD COLUMN ended TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE task ADD COLUMN stood INTEGER",
            "UPDATE task SET stood = updated WHERE state = 5",  # 5 is done
        ),
    )


def remarks(cursor: dbapi2.Cursor) -> None:
    """Layout 11: what staff wrote on Tasks. Tasks that are held do not tell it, so they are read again."""
    run_all(
        cursor,
        (
            """CREATE TABLE remark (
                id INTEGER PRIMARY KEY, portal INTEGER NOT NULL, task TEXT NOT NULL, thread INTEGER NOT NULL,
                author TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL
            )""",
            "CREATE INDEX remark_task ON remark (portal, task)",
            "CREATE INDEX remark_thread ON remark (thread)",
            "UPDATE task SET version = ''",
            "DELETE FROM mark WHERE stream = 'Task'",
        ),
    )


def deadlines(cursor: dbapi2.Cursor) -> None:
    """Layout 12: the deadline of what was merged into a row. All that is held is judged again for it."""
    run_all(
        cursor,
        (
            # due is what the row stands by: its own deadline, or an earlier one of the conversation due_of.
            "ALTER TABLE item ADD COLUMN own_due INTEGER",
            "ALTER TABLE item ADD COLUMN due_of INTEGER",
            "UPDATE item SET own_due = due",
            "DELETE FROM site",
        ),
    )


def immediate_first(cursor: dbapi2.Cursor) -> None:
    """Layout 13: what is set as most urgent stands above red flags. The order of what is held is told anew."""
    run_all(cursor, ("DELETE FROM site",))


def births(cursor: dbapi2.Cursor) -> None:
    """Layout 14: birth dates and the last digits of numbers in the index of names, which is written with the rows.

    The very first files of layout 1 have no such index: names stood among the words.
    """
    run_all(cursor, (NAMES.replace("TABLE", "TABLE IF NOT EXISTS"), "DELETE FROM site"))


def headless(cursor: dbapi2.Cursor) -> None:
    """Layout 15: what has no header is found without reading all that has one."""
    run_all(cursor, ("CREATE INDEX thread_headless ON thread (portal) WHERE version IS NULL",))


def addresses(cursor: dbapi2.Cursor) -> None:
    """Layout 16: where a portal lay when it told what is held of it; empty for what was told before."""
    run_all(cursor, ("ALTER TABLE portal ADD COLUMN base TEXT NOT NULL DEFAULT ''",))


def retracted(cursor: dbapi2.Cursor) -> None:
    """Layout 17: conversations that were taken back are found without reading all the others."""
    run_all(cursor, ("CREATE INDEX thread_retracted ON thread (portal) WHERE retracted",))


def longest_waiting(cursor: dbapi2.Cursor) -> None:
    """Layout 18: among equals stands first who has waited longest, not whose last message is oldest.

    The last part of an order is that minute (`dialogue.queue.order_of`).
    """
    run_all(cursor, ("UPDATE item SET ord = ord - ord % 100000000 + asked / 60000000 WHERE asked IS NOT NULL",))


STEPS: Final[tuple[Step, ...]] = (
    first,
    second,
    third,
    fourth,
    fifth,
    sixth,
    presences,
    late_words,
    ties,
    standing,
    remarks,
    deadlines,
    immediate_first,
    births,
    headless,
    addresses,
    retracted,
    longest_waiting,
)
