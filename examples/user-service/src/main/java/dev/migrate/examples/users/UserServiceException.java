package dev.migrate.examples.users;

/** An answer of the user service that is not what the caller asked for; nothing was changed. */
public abstract sealed class UserServiceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private UserServiceException(String message) {
        super(message);
    }

    /** There is no user of that id. */
    public static final class UnknownUser extends UserServiceException {
        private static final long serialVersionUID = 1;

        public UnknownUser(long id) {
            super("there is no user " + id);
        }
    }

    /** The id, the name or the e-mail address is taken. */
    public static final class UserExists extends UserServiceException {
        private static final long serialVersionUID = 1;

        public UserExists(long id) {
            super("the id, the name or the e-mail address of user " + id + " is taken");
        }
    }

    /** The password is another. */
    public static final class WrongPassword extends UserServiceException {
        private static final long serialVersionUID = 1;

        public WrongPassword(long id) {
            super("the password of user " + id + " is another");
        }
    }
}
