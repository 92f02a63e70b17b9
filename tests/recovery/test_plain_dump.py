"""Plain dumps told apart: statements whole, rows as they are, orders for psql never obeyed."""

from __future__ import annotations

import io

import pytest

from crisisdesk.recovery.plain_dump import COMPLETE, Rows, Splitter, Unreadable, parts_of

END = b"--\n" + COMPLETE + b"\n--\n\n"


def told(data: bytes) -> list[bytes | list[bytes]]:
    found: list[bytes | list[bytes]] = []
    for part in parts_of(io.BytesIO(data)):
        found.append(part.text.strip())
        if isinstance(part, Rows):
            found.append(list(part.lines))
    return found


@pytest.mark.parametrize(
    "statement",
    [
        b"select 1;",
        b"select 'a;b', 'it''s; x';",
        b"select E'a\\';b', E'it''s\\\\';",
        b'select 1 as "a;""b;";',
        b"select 1 -- no; end\n, 2;",
        b"select /* no; ' */ 1;",
        b"create function f() returns int language plpgsql as $$ begin; return 1; end; $$;",
        b"create function f() as $body$ select '$$;'; $body$ language sql;",
        b"create function f() returns int language sql\nBEGIN ATOMIC\n select 1;\n select 2;\nEND;",
        b"insert into t values ('\n\\! rm\n\\.\n');",
        b"select $1, a$b;",
        b"values ('BEGIN ATOMIC');",
    ],
)
def test_a_statement_stays_whole(statement: bytes) -> None:
    assert told(b"select 0;\n" + statement + b"\nselect 9;\n" + END) == [
        b"select 0;",
        statement,
        b"select 9;",
    ]


def test_rows_are_taken_as_they_are() -> None:
    data = b'COPY s.t (a, "b;") FROM stdin;\n1\t\\N\n\\\\.\t;\'\n\\.\n\nselect 1;\n' + END
    assert told(data) == [
        b'COPY s.t (a, "b;") FROM stdin;',
        [b"1\t\\N\n", b"\\\\.\t;'\n"],
        b"select 1;",
    ]


def test_what_needs_the_old_cluster_is_left_out_and_nothing_more() -> None:
    data = b"""
ALTER TABLE public.t OWNER TO someone;
GRANT SELECT ON TABLE public.t TO someone;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b;
COMMENT ON EXTENSION x IS 'y';
CREATE PUBLICATION p FOR ALL TABLES;
CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p;
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();
INSERT INTO t VALUES ('x
GRANT SELECT ON t TO y;
');
ALTER TABLE t ADD COLUMN owner text DEFAULT 'OWNER TO x';
"""
    assert told(data + END) == [
        b"INSERT INTO t VALUES ('x\nGRANT SELECT ON t TO y;\n');",
        b"ALTER TABLE t ADD COLUMN owner text DEFAULT 'OWNER TO x';",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\\! touch /tmp/x\n" + END, "an order for psql"),
        (b"select 1;\n\\i /etc/passwd\n" + END, "an order for psql"),
        (b"\\connect other\n" + END, "without --create"),
        (b"select 1;\n", "its last line"),
        (b"select 'x\n", "within a statement"),
        (b"COPY t FROM stdin;\n1\n2\n", "within the rows of COPY t"),
        (b"COPY t FROM stdin;\n1\n" + END, "within the rows of COPY t"),
        (b"select $a$ \n" + END, "within a statement"),
    ],
)
def test_what_cannot_be_restored_is_told(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        told(data)


def test_the_fence_of_newer_dumps_is_no_order() -> None:
    assert told(b"\\restrict abc\nselect 1;\n" + END + b"\\unrestrict abc\n") == [b"select 1;"]


def test_lines_between_statements_begin_none() -> None:
    splitter = Splitter()
    for line in (b"\n", b"-- comment; 'x\n", b"   \n"):
        assert splitter.take(line) == []
        assert splitter.is_outside
    assert splitter.take(b"select\n") == []
    assert not splitter.is_outside
    assert splitter.take(b"1; select 2;\n") == [b"select\n1;", b" select 2;"]
    assert splitter.is_outside
