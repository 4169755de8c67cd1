package dev.migrate.jdbc;

/** The statements of MySQL's dialect, as far as MariaDB understands them. */
class MySqlWordsSideIntentsIT extends JdbcSideIntentsContract {
    MySqlWordsSideIntentsIT() {
        super(new MySqlWordsServer());
    }
}
