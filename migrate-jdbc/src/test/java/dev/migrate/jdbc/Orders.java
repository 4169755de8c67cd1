package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * A repository as an application has it: it takes its connections from a data source and knows of nothing else.
 *
 * @param table {@code id bigint primary key, content varchar(100)}
 */
record Orders(DataSource dataSource, String table) {
    record Order(long id, String content) {}

    Optional<Order> find(Long id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return findOn(connection, id);
        }
    }

    Optional<Order> findOn(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select content from " + table + " where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Order(id, rows.getString(1))) : Optional.empty();
            }
        }
    }

    Order save(Order order) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return saveOn(connection, order);
        }
    }

    Order saveOn(Connection connection, Order order) throws SQLException {
        for (String sql : new String[] {
            "update " + table + " set content = ? where id = ?", "insert into " + table + " (content, id) values (?, ?)"
        }) {
            try (PreparedStatement write = connection.prepareStatement(sql)) {
                write.setString(1, order.content());
                write.setLong(2, order.id());
                if (write.executeUpdate() > 0) {
                    return order;
                }
            }
        }
        throw new IllegalStateException("neither updated nor inserted");
    }

    void delete(Long id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            deleteOn(connection, id);
        }
    }

    void deleteOn(Connection connection, Long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from " + table + " where id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    Map<Long, String> all() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select id, content from " + table);
                ResultSet rows = select.executeQuery()) {
            Map<Long, String> all = new TreeMap<>();
            while (rows.next()) {
                all.put(rows.getLong(1), rows.getString(2));
            }
            return all;
        }
    }

    static String ddl(String table) {
        return "create table " + table + " (id bigint primary key, content varchar(100))";
    }
}
