package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** An application that has no driver but H2's, as one that has no PostgreSQL. */
class WithoutDriversTest {
    @Test
    void h2Alone_isEnough() throws Exception {
        try (URLClassLoader application =
                new URLClassLoader(withoutOtherDrivers(), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> application.loadClass("org.postgresql.PGConnection"))
                    .isInstanceOf(ClassNotFoundException.class);
            Callable<?> move = (Callable<?>) application
                    .loadClass(H2Move.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(move.call()).isEqualTo("25 copied, clean");
        }
    }

    private static URL[] withoutOtherDrivers() throws MalformedURLException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            String file = new File(entry).getName();
            if (!file.startsWith("postgresql-") && !file.startsWith("mariadb-java-client-")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
