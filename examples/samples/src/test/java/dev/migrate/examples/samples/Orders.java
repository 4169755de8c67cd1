package dev.migrate.examples.samples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** An application's repository, as there is one on each side. */
record Orders(DataSource dataSource) {
    Optional<Order> find(Long id) throws SQLException {
        return select("SELECT id, customer, cents FROM orders WHERE id = " + id).stream()
                .findFirst();
    }

    List<Order> findLargerThan(long cents) {
        try {
            return select("SELECT id, customer, cents FROM orders WHERE cents > " + cents + " ORDER BY id");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private List<Order> select(String sql) throws SQLException {
        List<Order> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(new Order(rows.getLong(1), rows.getString(2), rows.getLong(3)));
            }
        }
        return found;
    }

    Order save(Order order) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement merge =
                        connection.prepareStatement("MERGE INTO orders (id, customer, cents) VALUES (?, ?, ?)")) {
            merge.setObject(1, order.id());
            merge.setString(2, order.customer());
            merge.setLong(3, order.cents());
            merge.executeUpdate();
        }
        return order;
    }

    void delete(Long id) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }
}
