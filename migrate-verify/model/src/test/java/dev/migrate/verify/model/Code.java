package dev.migrate.verify.model;

import java.util.List;

/** What a step of a model stands for. */
sealed interface Code {
    /**
     * Methods of the library.
     *
     * @param names each as {@code package.Type#method}, the package below {@code dev.migrate}
     */
    record Methods(List<String> names) implements Code {}

    /**
     * Nothing yet: the protocol says it, and the model is ahead of the code.
     *
     * @param awaited the word that the type or the method will be named by; as soon as there is one, this step must name it
     */
    record Ahead(String awaited) implements Code {}

    /** Nothing in the library: what the application, an operator, a database, a clock or a crash does. */
    record Outside() implements Code {}

    /** Nothing in the library, by design: the step exists only where a rule is left out. */
    record Forbidden() implements Code {}

    Code OUTSIDE = new Outside();
    Code FORBIDDEN = new Forbidden();

    static Code of(String... names) {
        return new Methods(List.of(names));
    }

    static Code ahead(String awaited) {
        return new Ahead(awaited);
    }
}
