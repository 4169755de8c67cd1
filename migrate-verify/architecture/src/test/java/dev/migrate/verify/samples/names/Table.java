package dev.migrate.verify.samples.names;

import java.util.concurrent.ThreadFactory;

/** Has names that a rule of the test forbids, and some that it must pass over. */
public abstract class Table implements ThreadFactory {
    /** Forbidden. */
    public int oldValue;

    int newerButInside;

    /** Forbidden. */
    protected abstract void fromSource();

    abstract void toDestination();

    @Override
    public Thread newThread(Runnable work) {
        return new Thread(work);
    }

    static class SecondaryInside {
        public int old;
    }

    /** Allowed. */
    public enum Role {
        /** Forbidden. */
        PRIMARY
    }
}
