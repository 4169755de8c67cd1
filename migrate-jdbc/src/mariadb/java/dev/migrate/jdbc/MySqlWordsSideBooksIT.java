package dev.migrate.jdbc;

/** The statements of MySQL's dialect, as far as MariaDB understands them. */
class MySqlWordsSideBooksIT extends JdbcSideBooksContract {
    MySqlWordsSideBooksIT() {
        super(new MySqlWordsServer());
    }
}
