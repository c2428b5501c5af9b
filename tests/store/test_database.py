"""The database as such: migrations, privacy of its file, and errors that may be logged."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.store import Database, NaiveDatetime, Store, StoreError, StoreUnavailable
from bot.store.tables import metadata
from tests.chat_server import ROOT
from tests.databases import PostgresqlServer, SqliteFiles
from tests.store.clinic import Clinic, Clock, everything_in, plan

MIGRATE = "import sys; from bot.store import Database; Database(sys.argv[1]).migrate()"
SECRET = "my-wife-must-not-know"


def shape_of(database: Database) -> set[Any]:
    """Everything that the database itself knows about its tables, but for Alembic's own."""
    if database.is_sqlite:
        questions = [
            'SELECT t.name, c.name, c.type, c."notnull", c.pk, c.dflt_value'
            " FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
            'SELECT t.name, k."table", k."from", k."to", k.on_delete'
            " FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table'",
            'SELECT t.name, i."unique", i.origin, i.partial, x.seqno, x.name'
            " FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) x"
            " WHERE t.type = 'table'",
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        ]
    else:
        questions = [
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace",
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        ]
    with database.reading() as connection:
        rows = [tuple(row) for question in questions for row in connection.exec_driver_sql(question)]
    return {row for row in rows if row[0] != "alembic_version"}


def test_the_migrations_make_exactly_the_tables_of_the_code(empty_url: str, database: Database) -> None:
    from_code = Database(empty_url)
    with from_code.writing() as connection:
        metadata.create_all(connection)
    assert len(shape_of(from_code)) > 150
    assert shape_of(database) == shape_of(from_code)
    from_code.dispose()


def test_a_database_is_current_once_it_was_migrated(empty_url: str) -> None:
    database = Database(empty_url)
    assert database.ping()
    assert not database.is_current()
    database.migrate()
    assert database.is_current()
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    assert not database.is_current()
    database.dispose()


def test_migrating_again_changes_nothing(clinic: Clinic, database: Database) -> None:
    clinic.patient_in("intake", pain_avg=4)
    rows, shape = everything_in(database), shape_of(database)
    database.migrate()
    assert (everything_in(database), shape_of(database)) == (rows, shape)


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    database = Database(empty_url)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE audit (n INTEGER)")
    before = shape_of(database)
    with pytest.raises(StoreUnavailable):
        database.migrate()
    assert shape_of(database) == before
    assert not database.is_current()
    database.dispose()


def test_four_processes_may_migrate_at_once(empty_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty_url], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors
    database = Database(empty_url)
    assert database.is_current()
    assert set(everything_in(database)) == set(metadata.tables)
    database.dispose()


def test_a_database_that_is_not_there_does_not_answer(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/such/folder/x.db", f"postgresql://nobody@/x?host={tmp_path}"):
        database = Database(url)
        assert not database.ping()
        with pytest.raises(StoreUnavailable):
            Store(database).episodes()
        database.dispose()
    assert list(tmp_path.iterdir()) == []


def test_an_sqlite_database_needs_a_file() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="needs a file"):
            Database(url)


def test_the_files_of_sqlite_are_for_their_owner_only(tmp_path: Path) -> None:
    for how, use in (("ping", Database.ping), ("migrate", Database.migrate)):
        database = Database(f"sqlite:///{tmp_path / how / 'backplan.db'}")
        (tmp_path / how).mkdir()
        use(database)
        Store(database).ping()
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / how).iterdir()}
        assert modes["backplan.db"] == 0o600
        assert set(modes.values()) == {0o600}
        database.dispose()


def test_migrating_makes_the_folder_of_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/home/backplan.db")
    database.migrate()
    assert database.is_current()
    assert stat.S_IMODE((tmp_path / "new" / "home").stat().st_mode) == 0o700
    database.dispose()


def test_a_store_pings_and_closes(store: Store) -> None:
    assert store.ping()
    store.close()
    assert store.ping()


def test_no_error_repeats_what_a_patient_wrote(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = Store(database, clock=clock, new_id=lambda: "always the same id")
    conversation, _ = store.open_conversation("web")
    turn = store.begin_turn(conversation.id, None)
    turn.open_episode("intake")
    turn.learn("goals", [SECRET], SECRET, "answer")
    turn.raise_flag("REQ_PERSON", "routine_flag", SECRET)
    turn.raise_flag("REQ_COPY", "routine_flag", SECRET)
    turn.say(SECRET, choices=[(SECRET, {"field": "goals", "value": SECRET})])
    turn.append_events([{"event": "user", "text": SECRET}])
    with pytest.raises(StoreUnavailable) as failure:
        store.commit_turn(turn)
    told = "".join(traceback.format_exception(failure.type, failure.value, failure.tb))
    assert "IntegrityError" in str(failure.value)
    assert SECRET not in told + repr(failure.value) + caplog.text
    assert failure.value.__cause__ is None


def test_a_value_that_is_no_json_fails_without_being_repeated(clinic: Clinic) -> None:
    turn = clinic.patient_in("intake").look()
    turn.store_plan(plan({"id": SECRET, "status": "offered", "cost": float("nan")}))
    with pytest.raises(StoreUnavailable) as failure:
        clinic.store.commit_turn(turn)
    assert SECRET not in repr(failure.value)


def test_nothing_shows_what_a_patient_wrote(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    patient = clinic.new_patient()
    inbound = patient.say(SECRET)
    with patient.turn(inbound) as turn:
        turn.open_episode("intake")
        turn.learn("goals", [SECRET], SECRET, "answer")
        turn.raise_flag("REQ_PERSON", "routine_flag", SECRET)
        turn.say(SECRET, choices=[(SECRET, {"field": "goals", "value": SECRET})], metadata={"x": SECRET})
        turn.append_events([{"event": "user", "text": SECRET}])
        turn.store_plan(plan({"id": "X", "status": "offered", "about": SECRET}))
    shown = [
        inbound,
        turn,
        turn.pending,
        turn.latest_plan,
        turn.history,
        turn.facts,
        patient.case(),
        patient.look().last_question,
    ]
    assert SECRET in str(patient.case().messages[0].text)
    assert SECRET not in repr(shown) + caplog.text


def test_a_clock_without_a_zone_is_refused(database: Database) -> None:
    aware = Store(database)
    conversation, _ = aware.open_conversation("web")
    naive = Store(database, clock=lambda: datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001
    turn = naive.begin_turn(conversation.id, None)
    turn.open_episode("intake")
    for attempt in (
        lambda: naive.open_conversation("web"),
        lambda: naive.accept(conversation.id, "1", "hello", None),
        lambda: naive.commit_turn(turn),
        lambda: naive.write_audit("Dr Osei", "read", "episode"),
        lambda: naive.issue_setup_token("Dr Osei"),
        lambda: aware.unanswered_check_ins(datetime(2026, 11, 23, 9, 0)),  # noqa: DTZ001
    ):
        with pytest.raises(NaiveDatetime):
            attempt()
    assert aware.episodes() == []


def test_a_database_that_is_locked_for_long_is_unavailable_and_then_works_again(
    sqlite: SqliteFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.SECONDS_TO_WAIT_FOR_A_LOCK", 0)
    database = Database(sqlite.new())
    store = Store(database)
    conversation, _ = store.open_conversation("web")
    with database.writing(), pytest.raises(StoreUnavailable, match="locked"):
        store.accept(conversation.id, "1", "hello", None)
    assert store.accept(conversation.id, "1", "hello", None).seq == 1
    database.dispose()


def test_a_lost_connection_to_postgresql_is_made_again(postgresql: PostgresqlServer) -> None:
    url = postgresql.new()
    database, bystander = Database(url), Database(url)
    store = Store(database)
    conversation, _ = store.open_conversation("web")
    with bystander.reading() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.accept(conversation.id, "1", "hello", None).seq == 1
    for each in (database, bystander):
        each.dispose()
    postgresql.drop(url)


def test_every_error_of_the_store_is_one_of_ours() -> None:
    from bot.store import errors

    raised = [each for each in vars(errors).values() if isinstance(each, type)]
    assert all(issubclass(each, StoreError) for each in raised)
    assert len(raised) > 12
