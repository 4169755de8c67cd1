package dev.migrate;

/** Something that is on for some keys and off for others, such as a flag. Thread-safe. */
public interface KeySwitch {
    /** Its name. */
    String name();

    /** Whether it is on for a key: the same answer for the same key, on every node, until it is turned. */
    boolean isOn(String key);
}
