package dev.migrate.examples.users.jdbc;

import dev.migrate.examples.users.Account;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One side's accounts by user id, on a connection that the caller owns: nothing is committed or closed here.
 *
 * <p>Implementations have no state and are safe for use by several threads.
 */
public interface Accounts {

    Optional<Account> find(Connection connection, Long id) throws SQLException;

    /** As {@link #find}, and no other transaction changes the account until this one ends. */
    Optional<Account> lock(Connection connection, Long id) throws SQLException;

    /**
     * Stores the account if its id is free.
     *
     * @return the account as it is stored, or empty if the id, the name or the e-mail address is taken
     */
    Optional<Account> create(Connection connection, Account account) throws SQLException;

    /**
     * Makes the stored account like this one: what is missing is inserted, what is superfluous is deleted.
     *
     * @return the account as it is stored, with what the database made
     */
    Account save(Connection connection, Account account) throws SQLException;

    /**
     * Removes the account with all that hangs on it.
     *
     * @return whether there was one
     */
    boolean delete(Connection connection, Long id) throws SQLException;
}
