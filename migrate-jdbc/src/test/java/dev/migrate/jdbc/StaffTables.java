package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Two tables whose rows are in each other's way: people have unique names, a boss among the people and a favourite among the tasks;
 * tasks have unique titles and belong to somebody.
 *
 * <p>The target has more: a note on each person, which no copy brings, and badges, which go with their person by a cascade.
 */
final class StaffTables {
    static final String ASIDE = "aside-";

    record Person(
            long id,
            String name,
            @Nullable Long boss,
            @Nullable Long favourite) {
        Person aside() {
            return new Person(id, ASIDE + id, null, null);
        }
    }

    record Task(long id, long person, String title) {
        Task aside() {
            return new Task(id, person, ASIDE + id);
        }
    }

    private StaffTables() {}

    static String[] legacyDdl() {
        return ddl("");
    }

    static String[] targetDdl() {
        return ddl(" note varchar(50) default 'made by default',");
    }

    private static String[] ddl(String more) {
        return new String[] {
            "create table person (id bigint primary key, name varchar(50) not null, boss bigint, favourite bigint,"
                    + more + " constraint person_name unique (name))",
            "create table task (id bigint primary key, person bigint not null, title varchar(50) not null,"
                    + " constraint task_title unique (title),"
                    + " constraint task_person foreign key (person) references person (id))",
            "alter table person add constraint person_boss foreign key (boss) references person (id)",
            "alter table person add constraint person_favourite foreign key (favourite) references task (id)",
            "create table badge (id bigint primary key, person bigint not null,"
                    + " constraint badge_person foreign key (person) references person (id) on delete cascade)"
        };
    }

    static Optional<Person> findPerson(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select id, name, boss, favourite from person where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(person(rows)) : Optional.empty();
            }
        }
    }

    private static Person person(ResultSet row) throws SQLException {
        return new Person(row.getLong(1), row.getString(2), number(row, 3), number(row, 4));
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static Person savePerson(Connection connection, Person person) throws SQLException {
        for (String sql : new String[] {
            "update person set name = ?, boss = ?, favourite = ? where id = ?",
            "insert into person (name, boss, favourite, id) values (?, ?, ?, ?)"
        }) {
            try (PreparedStatement write = connection.prepareStatement(sql)) {
                write.setString(1, person.name());
                write.setObject(2, person.boss(), java.sql.Types.BIGINT);
                write.setObject(3, person.favourite(), java.sql.Types.BIGINT);
                write.setLong(4, person.id());
                if (write.executeUpdate() > 0) {
                    return person;
                }
            }
        }
        throw new IllegalStateException("neither updated nor inserted");
    }

    static void deletePerson(Connection connection, Long id) throws SQLException {
        delete(connection, "delete from person where id = ?", id);
    }

    static Optional<Task> findTask(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select id, person, title from task where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(task(rows)) : Optional.empty();
            }
        }
    }

    private static Task task(ResultSet row) throws SQLException {
        return new Task(row.getLong(1), row.getLong(2), row.getString(3));
    }

    static Task saveTask(Connection connection, Task task) throws SQLException {
        for (String sql : new String[] {
            "update task set person = ?, title = ? where id = ?",
            "insert into task (person, title, id) values (?, ?, ?)"
        }) {
            try (PreparedStatement write = connection.prepareStatement(sql)) {
                write.setLong(1, task.person());
                write.setString(2, task.title());
                write.setLong(3, task.id());
                if (write.executeUpdate() > 0) {
                    return task;
                }
            }
        }
        throw new IllegalStateException("neither updated nor inserted");
    }

    static void deleteTask(Connection connection, Long id) throws SQLException {
        delete(connection, "delete from task where id = ?", id);
    }

    private static void delete(Connection connection, String sql, Long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    static Map<Long, Person> people(Connection connection) throws SQLException {
        Map<Long, Person> people = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("select id, name, boss, favourite from person");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                people.put(rows.getLong(1), person(rows));
            }
        }
        return people;
    }

    static Map<Long, Task> tasks(Connection connection) throws SQLException {
        Map<Long, Task> tasks = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("select id, person, title from task");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                tasks.put(rows.getLong(1), task(rows));
            }
        }
        return tasks;
    }
}
